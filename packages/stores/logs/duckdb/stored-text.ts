/** DuckDB's node binding ends a text at NUL, so texts are stored with NUL written as this and `0`, and this itself as this and `1`.
 *  U+10FFFF is no character and appears in no honest text. */
const mark = '\u{10ffff}'

export function toStoredText(text: string): string {
  if (!text.includes('\0') && !text.includes(mark)) return text
  return text.replaceAll(mark, `${mark}1`).replaceAll('\0', `${mark}0`)
}

export function fromStoredText(stored: string): string {
  if (!stored.includes(mark)) return stored
  return stored.replaceAll(`${mark}0`, '\0').replaceAll(`${mark}1`, mark)
}
