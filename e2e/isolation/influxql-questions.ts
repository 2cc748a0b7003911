import fc from 'fast-check'
import { canary, reader, stranger } from './data.ts'
import { hostileStatement } from './hostile-statements.ts'
import { panelStatement } from './panel-statements.ts'
import type { Question } from './question.ts'
import { soundStatement } from './sound-statements.ts'
import { several } from './text-parts.ts'

const one = fc.constantFrom

const pieces = one(
  ...[
    ';',
    ' OR 1 = 1',
    ` OR tenant = '${stranger}'`,
    '--',
    '/* x */',
    '/*',
    '*/',
    "'",
    '"',
    '\\',
    '(',
    ')',
    '\u0000',
    '\r',
    '\u2028',
    '::tag',
    '::field',
    '.',
    '..',
    ',',
  ],
  ...[
    ` ; SHOW DATABASES`,
    `; SELECT * FROM warren_${stranger}..cpu`,
    ' INTO x',
    `warren_${stranger}`,
    `"warren_${stranger}"..`,
    canary,
    'tenant',
    '9223372036854775807',
    '1e5',
    'now()',
    '$x',
    '/',
    '=~',
  ],
)

/** The text with something put in, or a part left out. */
const mutated = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(text, pieces, fc.nat(10_000), fc.nat(12)).map(([whole, piece, at, cut]) => {
    const position = at % (whole.length + 1)
    return whole.slice(0, position) + piece + whole.slice(position + (at % 3 === 0 ? cut : 0))
  })

const text = fc.oneof(
  { weight: 15, arbitrary: soundStatement },
  { weight: 1, arbitrary: several(soundStatement, 3, '; ') },
  { weight: 2, arbitrary: mutated(soundStatement) },
  { weight: 2, arbitrary: hostileStatement },
)

const database = fc.oneof(
  { weight: 30, arbitrary: fc.constant('warren') },
  {
    weight: 1,
    arbitrary: one(`warren_${stranger}`, `warren_${reader}`, '_internal', '', 'WARREN', '*'),
  },
)
const extras = fc.oneof(
  { weight: 20, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: one<Record<string, string>>(
      { epoch: 'ms' },
      { epoch: 'ns' },
      { pretty: 'true' },
      { chunked: 'true' },
      { epoch: 'h' },
    ),
  },
  {
    weight: 1,
    arbitrary: one<Record<string, string>>(
      ...[
        { rp: canary },
        { rp: 'autogen' },
        { rp: '5m' },
        { params: `{"x":{"identifier":"${canary}"}}` },
        { u: stranger, p: 'x' },
        { async: 'true' },
        { node_id: '1' },
      ],
    ),
  },
)

/** Of whoever wants it fresh, and of alert rules, nothing that is kept is answered. */
const callers = fc.oneof(
  { weight: 20, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: one<Record<string, string>>({ 'cache-control': 'no-cache' }, { 'x-rule-uid': 'r' }),
  },
)

interface Asked {
  readonly q: string
  readonly parameters: Readonly<Record<string, string>>
  readonly method: Question['method']
  readonly headers: Readonly<Record<string, string>> | undefined
}

function toQuestion({ q, parameters, method, headers }: Asked): Question {
  const path = '/gateway/influxdb/query?'
  const more = headers === undefined ? {} : { headers }
  if (method === 'GET')
    return { method, path: path + new URLSearchParams({ ...parameters, q }), ...more }
  return {
    method: 'POST',
    path: path + new URLSearchParams(parameters),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ q }).toString(),
  }
}

const methods = one<Question['method']>('GET', 'GET', 'POST')
const anyQuestion = fc
  .tuple(text, database, extras, methods, callers)
  .map(([q, db, more, method, headers]) =>
    toQuestion({ q, parameters: { db, ...more }, method, headers }),
  )

const panelText = fc.oneof(
  { weight: 12, arbitrary: panelStatement },
  { weight: 1, arbitrary: mutated(panelStatement) },
)
/** Buckets are kept of what is asked for in Grafana's unit. */
const panelQuestion = fc
  .tuple(panelText, methods, callers)
  .map(([q, method, headers]) =>
    toQuestion({ q, parameters: { db: 'warren', epoch: 'ms' }, method, headers }),
  )

export const influxqlQuestions: fc.Arbitrary<Question> = fc.oneof(
  { weight: 5, arbitrary: anyQuestion },
  { weight: 3, arbitrary: panelQuestion },
)
