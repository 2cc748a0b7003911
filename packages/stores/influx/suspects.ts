type Suspicion = (line: string) => boolean

const conflict = /input field "(.+)" on measurement "(.+)" is type (\w+), already exists as/

/** A cheap guess at the lines that a field type conflict is about, to part them from the rest in one step. Only what the server answers to each part counts. */
export function suspicionOf(text: string): Suspicion | undefined {
  const [, field, measurement, type] = conflict.exec(text) ?? []
  if (field === undefined || measurement === undefined) return undefined
  const start = escaped(measurement, /[, ]/g)
  const assignments = [' ', ','].map((before) => `${before}${escaped(field, /[,= ]/g)}=`)
  return (line) =>
    line.startsWith(start) &&
    assignments.some((assignment) => {
      const at = line.indexOf(assignment, start.length)
      return at >= 0 && (line[at + assignment.length] === '"') === (type === 'string')
    })
}

const escaped = (name: string, special: RegExp): string => name.replace(special, '\\$&')
