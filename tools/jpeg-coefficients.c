/* CRC-32 of the quantised luminance coefficients of JPEG files, as libjpeg reads them: the oracle of
 * src/forensics/jpeg/coefficients.ts. Prints FILE COLUMNS ROWS CRC for each file; coefficients are taken by rows, blocks
 * by rows, two bytes each, the low one first, without the blocks that pad a unit.
 *
 *     gcc -O2 -o /tmp/jpeg-coefficients tools/jpeg-coefficients.c -ljpeg -lz && /tmp/jpeg-coefficients FILE...
 */
#include <stdio.h>
#include <jpeglib.h>
#include <zlib.h>

int main(int count, char **names) {
  for (int n = 1; n < count; n++) {
    FILE *file = fopen(names[n], "rb");
    if (file == NULL) return 1;
    struct jpeg_decompress_struct info;
    struct jpeg_error_mgr errors;
    info.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&info);
    jpeg_stdio_src(&info, file);
    jpeg_read_header(&info, TRUE);
    jvirt_barray_ptr *arrays = jpeg_read_coefficients(&info);
    unsigned columns = (info.image_width + 7) / 8, rows = (info.image_height + 7) / 8;
    uLong crc = crc32(0, NULL, 0);
    for (unsigned y = 0; y < rows; y++) {
      JBLOCKARRAY row = info.mem->access_virt_barray((j_common_ptr)&info, arrays[0], y, 1, FALSE);
      for (unsigned x = 0; x < columns; x++)
        for (int k = 0; k < 64; k++) {
          int value = row[0][x][k];
          unsigned char bytes[2] = {value & 255, (value >> 8) & 255};
          crc = crc32(crc, bytes, 2);
        }
    }
    printf("%s %u %u %08lx\n", names[n], columns, rows, crc);
    jpeg_destroy_decompress(&info);
    fclose(file);
  }
  return 0;
}
