type Environment = Readonly<Record<string, string | undefined>>

/** The command that edits a file, with arguments of its own perhaps; undefined when the person has named none. */
export function readEditor({ VISUAL, EDITOR }: Environment = process.env): string | undefined {
  return VISUAL || EDITOR || undefined
}
