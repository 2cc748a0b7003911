import type { LogRecordLike } from '@warren/searchdsl/search-records.testing'
import fc from 'fast-check'

type Text = fc.Arbitrary<string>

const keywordFields = ['log.level', 'service.name', 'host.name', 'event.dataset'] as const

/** Lucene texts about these records, as people type them: words, phrases and patterns out of the messages, values out of the fields, combined. */
export function luceneTexts(records: readonly LogRecordLike[]): Text {
  const leaf = leaves(records)
  const { query } = fc.letrec<{ query: string; clause: string }>((tie) => ({
    clause: fc.oneof(
      { weight: 6, arbitrary: leaf },
      { weight: 1, arbitrary: tie('query').map((inner) => `(${inner})`) },
    ),
    query: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      tie('clause'),
      fc.tuple(fc.constantFrom('NOT ', '-', '!', '+'), tie('clause')).map((both) => both.join('')),
      joined(
        tie('clause'),
        fc.constantFrom(' AND ', ' OR ', ' ', ' && ', ' || ', ' AND NOT ', ' -', ' +'),
      ),
    ),
  }))
  return query
}

function joined(clause: Text, operator: Text): Text {
  return fc
    .tuple(clause, fc.array(fc.tuple(operator, clause), { minLength: 1, maxLength: 3 }))
    .map(([first, more]) => first + more.map((both) => both.join('')).join(''))
}

function leaves(records: readonly LogRecordLike[]): Text {
  const record = fc.constantFrom(...records)
  const message = record.map((one) => one.message ?? '').filter((text) => text.trim() !== '')
  const word = message.chain((text) =>
    fc.constantFrom(...text.split(/\s+/).filter((part) => part !== '')),
  )
  return fc.oneof(
    { weight: 5, arbitrary: fc.tuple(word, casing).map(([text, change]) => escaped(change(text))) },
    { weight: 2, arbitrary: phrase(message) },
    { weight: 2, arbitrary: patternOf(word) },
    { weight: 4, arbitrary: fieldValue(record) },
    { weight: 2, arbitrary: numbers },
    { weight: 1, arbitrary: times },
    { weight: 1, arbitrary: word.map((text) => `message:${escaped(text)}`) },
    { weight: 1, arbitrary: word.map((text) => `message:/${expression(text)}/`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '*',
        '*:*',
        'message:*',
        'log.level:*',
        '_exists_:service.name',
        'NOT _exists_:log.level',
        'attributes.event:E1',
        'nope:x',
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(word, { minLength: 2, maxLength: 4 })
        .map((all) => `message:(${all.map(escaped).join(' ')})`),
    },
  )
}

const casing = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.toLowerCase(),
  (text: string) => text.toUpperCase(),
)

/** Every character that Lucene reads as something else. */
function escaped(text: string): string {
  const plain = text.replace(/[+\-=&|><!(){}[\]^"~*?:\\/]/g, '\\$&')
  return /^(AND|OR|NOT)$/.test(plain) ? `\\${plain}` : plain
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** Some words in a row as they stand, cut in the midst of a word now and then. */
function phrase(message: Text): Text {
  return fc.tuple(message, fc.nat(), fc.integer({ min: 3, max: 40 })).map(([text, at, length]) => {
    const from = at % text.length
    return quoted(text.slice(from, from + length).trim() || text)
  })
}

function patternOf(word: Text): Text {
  const part = word
    .map((text) => text.replace(/[^\p{L}\p{N}]/gu, ''))
    .filter((text) => text.length > 2)
  return fc.oneof(
    part.map((text) => `${text.slice(0, 3)}*`),
    part.map((text) => `${text[0]}*${text.at(-1)}`),
    part.map((text) => `${text[0]}?${text.slice(2)}`),
    word.map((text) => `${escaped(text)}*`),
  )
}

/** A regular expression that finds the word's own start. */
function expression(text: string): string {
  const start = text.toLowerCase().replace(/[^a-z0-9]/g, '.')
  return `${start.slice(0, 4)}.*|[${start.replace(/[^a-z0-9]/g, '')[0] ?? 'a'}-f]+`
}

function attribute({ attributes }: LogRecordLike, name: string): string {
  return String((attributes as Readonly<Record<string, unknown>>)[name])
}

function fieldValue(record: fc.Arbitrary<LogRecordLike>): Text {
  const value = fc.tuple(record, fc.constantFrom(...keywordFields)).map(([one, field]) => ({
    field,
    text: String(one[field] ?? 'none'),
  }))
  return fc.oneof(
    value.map(({ field, text }) => `${field}:${escaped(text).replaceAll(' ', '\\ ')}`),
    value.map(({ field, text }) => `${field}:${quoted(text)}`),
    value.map(({ field, text }) => `${field}:${escaped(text.slice(0, 2))}*`),
    value.map(({ field, text }) => `${field}:[${quoted(text)} TO *]`),
    fc
      .tuple(value, record)
      .map(
        ([{ field, text }, other]) =>
          `${field}:(${quoted(text)} OR ${quoted(String(other[field] ?? 'none'))})`,
      ),
    fc
      .tuple(value, record)
      .map(
        ([{ field, text }, other]) =>
          `${field}:(${escaped(text)} ${escaped(String(other[field] ?? 'none'))})`,
      ),
    record.map((one) => `attributes.event:${attribute(one, 'event')}`),
    record.map((one) => `attributes.line:${attribute(one, 'line')}`),
  )
}

const number = fc.integer({ min: 0, max: 24 })
const numbers: Text = fc.oneof(
  number.map((n) => `severity_number:${n}`),
  number.map((n) => `severity_number:>${n}`),
  number.map((n) => `severity_number:<=${n}`),
  fc.tuple(number, number).map(([a, b]) => `severity_number:[${a} TO ${b}]`),
  fc.tuple(number, number).map(([a, b]) => `log.offset:{${a * 500} TO ${b * 500}]`),
)

const day = fc.integer({ min: 1, max: 9 }).map((n) => `2026-03-0${n}`)
const times: Text = fc.oneof(
  day.map((text) => `@timestamp:${text}`),
  day.map((text) => `@timestamp:>=${text}`),
  fc.tuple(day, day).map(([a, b]) => `@timestamp:[${a} TO ${b}}`),
  day.map((text) => `@timestamp:["${text}T12:00:00.000Z" TO "${text}T18:30:00.500Z"]`),
)
