// biome-ignore lint/suspicious/noControlCharactersInRegex: the reference's parser swallows some of them, so that one text has two readings.
const inQuery = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above; a carriage return within a literal would become a line feed on the way.
const inValue = /[\0-\x08\x0b-\x1f\x7f]/

/** Offset of the first control character that a query may not have, or -1: all but tab, line feed and carriage return. */
export const controlAt = (text: string): number => text.search(inQuery)

/** Whether a text that stands for a literal has one. */
export const hasControl = (text: string): boolean => inValue.test(text)
