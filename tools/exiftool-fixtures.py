#!/usr/bin/env python3
"""Makes 50 small images with metadata of all kinds, and notes what exiftool and ImageMagick read in them.

Writes test/forensics/fixtures/metadata.zip (the files, and oracle.json); test/forensics/exiftool.test.ts holds Fovea to it.
Needs Debian's libimage-exiftool-perl and imagemagick: python3 tools/exiftool-fixtures.py
"""
import itertools
import json
import subprocess
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "test/forensics/fixtures/metadata.zip"
CONVERT = "/usr/bin/convert"
IDENTIFY = "/usr/bin/identify"

CAMERAS = [
    ("Canon", "Canon EOS 80D", "1/200", 5.6, 200),
    ("NIKON CORPORATION", "NIKON D750", "1/60", 2.8, 1600),
    ("Apple", "iPhone 13", "1/1200", 1.6, 50),
    ("SONY", "ILCE-7M3", "1/30", 4, 6400),
    ("株式会社 カメラ", "モデル1", "1/8", 11, 100),
]
DATES = ["2019:12:31 23:59:59", "2024:02:29 12:00:00", "2001:01:01 00:00:01"]
PLACES = [(47.3769, 8.5417), (-33.8688, 151.2093), (40.7128, -74.006), (-22.9068, -43.1729)]
SOURCE_TYPES = ["digitalCapture", "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"]
BASE = "http://cv.iptc.org/newscodes/digitalsourcetype/"

TAGS = {
    "EXIF": "Make Model Software Artist Copyright ImageDescription ModifyDate DateTimeOriginal CreateDate "
    "OffsetTimeOriginal ExposureTime FNumber ISO LensModel BodySerialNumber UserComment GPSDateStamp".split(),
    "IPTC": ["By-line", "DateCreated", "City", "Credit", "OriginatingProgram", "Caption-Abstract"],
    "XMP": "CreatorTool CreateDate ModifyDate DateCreated DigitalSourceType Subject Creator GPSLatitude "
    "HistoryAction HistorySoftwareAgent HistoryWhen City Rating".split(),
    "PNG": ["Parameters", "Prompt", "Software", "Comment"],
    "Composite": ["GPSLatitude", "GPSLongitude"],
}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def options_of(number):
    """Options of exiftool for a file: what it has depends on its number."""
    make, model, exposure, aperture, iso = CAMERAS[number % len(CAMERAS)]
    date = DATES[number % len(DATES)]
    given = []
    if number % 7 != 6:
        given += [f"-EXIF:Make={make}", f"-EXIF:Model={model}", f"-ExposureTime={exposure}", f"-FNumber={aperture}"]
        given += [f"-EXIF:ISO={iso}", f"-EXIF:DateTimeOriginal={date}", f"-EXIF:CreateDate={date}"]
    if number % 2:
        latitude, longitude = PLACES[number % len(PLACES)]
        given += [f"-EXIF:GPSLatitude={abs(latitude)}", f"-EXIF:GPSLatitudeRef={'N' if latitude > 0 else 'S'}"]
        given += [f"-EXIF:GPSLongitude={abs(longitude)}", f"-EXIF:GPSLongitudeRef={'E' if longitude > 0 else 'W'}"]
        given += ["-EXIF:GPSDateStamp=2024:02:29", f"-XMP:GPSLatitude={latitude}"]
    if number % 3 == 0:
        given += ["-EXIF:Software=GIMP 2.10.36", f"-EXIF:ModifyDate={date}", "-EXIF:OffsetTimeOriginal=+01:00"]
        given += ["-XMP:CreatorTool=Adobe Photoshop Lightroom Classic 13.1 (Macintosh)", f"-XMP-xmp:ModifyDate={date}+01:00"]
        given += ["-XMP:Rating=3"]
    if number % 4 == 1:
        given += [f"-XMP-iptcExt:DigitalSourceType={BASE}{SOURCE_TYPES[number % 3]}", "-XMP-photoshop:City=Zürich"]
        given += ["-XMP-dc:Creator=Zoë & Söhne <studio>", "-XMP-dc:Subject=hail", "-XMP-dc:Subject=车", "-XMP:Subject=a \"b\""]
    if number % 5 == 2:
        given += ["-XMP-xmpMM:History={Action=created,SoftwareAgent=Adobe Photoshop 25.0,When=2024:02:29 12:00:00+01:00}"]
        given += ["-XMP-xmpMM:History={Action=saved,SoftwareAgent=Adobe Photoshop 25.1,When=2024:03:01 12:00:00+01:00}"]
    if number % 6 == 3:
        given += ["-EXIF:Artist=Zoë", "-EXIF:Copyright=© 2024", "-EXIF:UserComment=Steps: 20, Sampler: Euler a"]
        given += ["-EXIF:LensModel=EF-S 18-135mm", "-EXIF:SerialNumber=0123456789", "-EXIF:ImageDescription=a car"]
    if number % 3 == 1:
        given += ["-IPTC:CodedCharacterSet=UTF8", "-IPTC:By-line=Zoë", "-IPTC:DateCreated=2024:02:29", "-IPTC:City=Genève"]
        given += ["-IPTC:Credit=Agency", "-IPTC:OriginatingProgram=Photo Mechanic", "-IPTC:Caption-Abstract=二〇二四年"]
    return given


def make(folder, number):
    kind = ["jpg", "jpg", "png", "jpg", "webp"][number % 5]
    path = folder / f"{number:02}.{kind}"
    colors = f"gradient:rgb({number * 5},80,20)-rgb(20,{number * 4},200)"
    texts = ["-set", "parameters", "Steps: 30, Sampler: DPM++", "-set", "Software", "中文 tool"] if number % 10 == 2 else []
    run(CONVERT, "-size", "24x16", colors, "-strip", *texts, "-quality", str(40 + number), str(path))
    order = "MM" if number % 4 < 2 else "II"
    given = [option for option in options_of(number) if kind == "jpg" or not option.startswith("-IPTC")]
    run("exiftool", "-q", "-m", "-overwrite_original", "-charset", "iptc=utf8", f"-ExifByteOrder={order}", *given, str(path))
    return path


def read_by_exiftool(path):
    """The tags by group, as exiftool reads them, numbers as they are stored."""
    asked = [f"-{group}:{tag}" for group, tags in TAGS.items() for tag in tags]
    (found,) = json.loads(run("exiftool", "-j", "-G0", "-n", "-charset", "iptc=utf8", *asked, str(path)))
    return {name: value for name, value in found.items() if name != "SourceFile"}


def read_by_imagemagick(path):
    lines = run(IDENTIFY, "-format", "%[EXIF:Make]\n%[EXIF:Model]\n%[EXIF:DateTimeOriginal]\n", str(path)).split("\n")
    return dict(zip(["Make", "Model", "DateTimeOriginal"], lines))


def main():
    with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(OUT, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        oracle = {}
        for number in itertools.islice(itertools.count(), 50):
            path = make(Path(name), number)
            oracle[path.name] = {"exiftool": read_by_exiftool(path)}
            if path.suffix == ".jpg":
                oracle[path.name]["imagemagick"] = read_by_imagemagick(path)
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
        text = json.dumps(oracle, ensure_ascii=False, indent=1, sort_keys=True)
        archive.writestr(zipfile.ZipInfo("oracle.json"), text, zipfile.ZIP_DEFLATED)
        tags = sum(len(files["exiftool"]) for files in oracle.values())
    print(f"{len(oracle)} files with {tags} entries; {OUT} has {OUT.stat().st_size} bytes")


main()
