import { expectSign, type ScriptParser, toFinite, unexpected } from '../script/parser.ts'
import type { MovingCall, Script } from '../script/tree.ts'

/** `MovingFunctions.name(values, …)`; the settings are plain numbers. */
export function parseMovingCall(
  parser: ScriptParser,
  name: string,
  parseNumber: (parser: ScriptParser) => Script,
): MovingCall {
  if (!names.has(name)) throw unexpected(parser)
  parser.at++
  expectSign(parser, '(')
  expectWord(parser, ['values'])
  const call = parseSettings(parser, name as MovingCall['name'], parseNumber)
  expectSign(parser, ')')
  return call
}

const names: ReadonlySet<string> = new Set<MovingCall['name']>([
  'max',
  'min',
  'sum',
  'unweightedAvg',
  'linearWeightedAvg',
  'stdDev',
  'ewma',
  'holt',
  'holtWinters',
])

function parseSettings(
  parser: ScriptParser,
  name: MovingCall['name'],
  parseNumber: (parser: ScriptParser) => Script,
): MovingCall {
  switch (name) {
    case 'max':
    case 'min':
    case 'sum':
    case 'unweightedAvg':
    case 'linearWeightedAvg':
      return { name }
    case 'stdDev':
      expectSign(parser, ',')
      return { name, average: parseNumber(parser) }
    case 'ewma':
      return { name, alpha: setting(parser) }
    case 'holt':
      return { name, alpha: setting(parser), beta: setting(parser) }
    case 'holtWinters':
      return {
        name,
        alpha: setting(parser),
        beta: setting(parser),
        gamma: setting(parser),
        period: period(parser),
        multiplicative: flag(parser),
      }
  }
}

function setting(parser: ScriptParser): number {
  expectSign(parser, ',')
  const token = parser.tokens[parser.at]
  if (token?.kind !== 'number') throw unexpected(parser)
  parser.at++
  return toFinite(parser, token.text)
}

function period(parser: ScriptParser): number {
  const value = setting(parser)
  if (Number.isInteger(value) && value >= 1 && value <= 10_000) return value
  parser.at--
  throw unexpected(parser)
}

function flag(parser: ScriptParser): boolean {
  expectSign(parser, ',')
  return expectWord(parser, ['true', 'false']) === 'true'
}

function expectWord(parser: ScriptParser, words: readonly string[]): string {
  const token = parser.tokens[parser.at]
  if (token?.kind !== 'name' || !words.includes(token.text)) throw unexpected(parser)
  parser.at++
  return token.text
}
