/** As `case_insensitive` compares: the letters of ASCII in lower case, all others as they are. */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
