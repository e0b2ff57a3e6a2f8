/* Characters of UTF-8 one by one, and how wide they are on a terminal. */
#include "base/columns.h"

uint32_t columns_next_character(const char **at, const char *end) {
    static const unsigned char FIRST_MASK[] = {0x7F, 0x1F, 0x0F, 0x07};
    unsigned char lead = (unsigned char)**at;
    size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || (size_t)(end - *at) < length || !text_is_utf8((sluice_text){*at, length})) {
        (*at)++;
        return 0xFFFD;
    }
    uint32_t character = lead & FIRST_MASK[length - 1];
    for (size_t i = 1; i < length; i++) {
        character = character << 6 | ((unsigned char)(*at)[i] & 0x3F);
    }
    *at += length;
    return character;
}

/* After Unicode 15's EastAsianWidth.txt: the blocks that are W or F as a whole, and the combining marks that occur. */
static size_t character_width(uint32_t c) {
    static const struct {
        uint32_t first, last;
        unsigned char width;
    } RANGES[] = {
        {0x0300, 0x036F, 0},   {0x1100, 0x115F, 2},   {0x200B, 0x200F, 0}, {0x2E80, 0x303E, 2}, {0x3041, 0x33FF, 2},
        {0x3400, 0x4DBF, 2},   {0x4E00, 0x9FFF, 2},   {0xA000, 0xA4CF, 2}, {0xAC00, 0xD7A3, 2}, {0xF900, 0xFAFF, 2},
        {0xFE00, 0xFE0F, 0},   {0xFE30, 0xFE6F, 2},   {0xFF00, 0xFF60, 2}, {0xFFE0, 0xFFE6, 2}, {0x1F300, 0x1F64F, 2},
        {0x1F900, 0x1F9FF, 2}, {0x20000, 0x3FFFD, 2},
    };
    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES && c >= RANGES[i].first; i++) {
        if (c <= RANGES[i].last) {
            return RANGES[i].width;
        }
    }
    return 1;
}

size_t columns_width(sluice_text text) {
    size_t width = 0;
    const char *end = columns_end(text);
    for (const char *at = text.data; at < end;) {
        width += character_width(columns_next_character(&at, end));
    }
    return width;
}

static void write_blanks(text_writer *writer, size_t used, size_t width) {
    for (; used < width; used++) {
        text_write_char(writer, ' ');
    }
}

void columns_pad_right(text_writer *writer, sluice_text text, size_t width) {
    text_write(writer, text);
    write_blanks(writer, columns_width(text), width);
}

void columns_pad_left(text_writer *writer, sluice_text text, size_t width) {
    write_blanks(writer, columns_width(text), width);
    text_write(writer, text);
}
