import { malformed, refused } from '../errors.ts'
import { limits } from '../limits.ts'
import { isObject, readObject } from '../read/object-reader.ts'
import {
  expectSign,
  next,
  type ScriptNames,
  type ScriptParser,
  take,
  toFinite,
  unexpected,
} from '../script/parser.ts'
import { toScriptTokens } from '../script/tokens.ts'
import {
  type ArithmeticOperator,
  type ComparisonOperator,
  type Condition,
  type MathName,
  mathFunctions,
  type Script,
} from '../script/tree.ts'
import { parseMovingCall } from './moving-call.ts'

/** `script` of a pipeline: a text, or `{source}` in painless. Throws a `SearchError` for anything but arithmetic. */
export function parseScript(value: unknown, names: ScriptNames): Script {
  const text = textOf(value)
  if (text.length > limits.scriptLength)
    throw refused(`a script longer than ${limits.scriptLength} characters is not accepted`)
  const parser = { text, tokens: toScriptTokens(text), names, at: 0, depth: 0 }
  if (next(parser).text === 'return') parser.at++
  const script = parseChoice(parser)
  take(parser, ';')
  if (next(parser).kind !== 'end') throw unexpected(parser)
  return script
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (!isObject(value)) throw malformed('[script] must be a text')
  const reader = readObject(value, 'script')
  const text = reader.text('source') ?? reader.text('inline')
  const language = reader.text('lang') ?? 'painless'
  reader.end()
  if (language !== 'painless') throw refused(`script language [${language}] is not accepted`)
  if (text === undefined) throw malformed('[script] needs [source]')
  return text
}

function takeOneOf<Sign extends string>(
  parser: ScriptParser,
  signs: readonly Sign[],
): Sign | undefined {
  return signs.find((sign) => take(parser, sign))
}

type Node = Script | Condition

const conditions = new Set(['comparison', 'both', 'either', 'not'])

function isCondition(node: Node): node is Condition {
  return conditions.has(node.kind)
}

function asNumber(parser: ScriptParser, node: Node): Script {
  if (isCondition(node)) throw unexpected(parser)
  return node
}

function asCondition(parser: ScriptParser, node: Node): Condition {
  if (!isCondition(node)) throw unexpected(parser)
  return node
}

/** A number; `condition ? number : number` binds least. */
function parseChoice(parser: ScriptParser): Script {
  return asNumber(parser, parseAny(parser))
}

function parseAny(parser: ScriptParser): Node {
  if (++parser.depth > limits.scriptDepth)
    throw refused(`a script nested deeper than ${limits.scriptDepth} levels is not accepted`)
  const node = parseLogic(parser, 'either')
  const chosen = take(parser, '?') ? parseBranches(parser, asCondition(parser, node)) : node
  parser.depth--
  return chosen
}

function parseBranches(parser: ScriptParser, condition: Condition): Script {
  const then = parseChoice(parser)
  expectSign(parser, ':')
  return { kind: 'choice', condition, then, otherwise: parseChoice(parser) }
}

function parseLogic(parser: ScriptParser, kind: 'either' | 'both'): Node {
  const operand = () => (kind === 'either' ? parseLogic(parser, 'both') : parseComparison(parser))
  let left = operand()
  while (take(parser, kind === 'either' ? '||' : '&&'))
    left = {
      kind,
      left: asCondition(parser, left),
      right: asCondition(parser, operand()),
    }
  return left
}

const comparisons: readonly ComparisonOperator[] = ['<=', '>=', '==', '!=', '<', '>']

function parseComparison(parser: ScriptParser): Node {
  const left = parseOperations(parser, 0)
  const operator = takeOneOf(parser, comparisons)
  if (operator === undefined) return left
  const right = asNumber(parser, parseOperations(parser, 0))
  return { kind: 'comparison', operator, left: asNumber(parser, left), right }
}

const operators: readonly (readonly ArithmeticOperator[])[] = [
  ['+', '-'],
  ['*', '/', '%'],
]

function parseOperations(parser: ScriptParser, level: number): Node {
  const signs = operators[level]
  if (signs === undefined) return parseSigned(parser)
  let left = parseOperations(parser, level + 1)
  for (let operator = takeOneOf(parser, signs); operator !== undefined; ) {
    const right = asNumber(parser, parseOperations(parser, level + 1))
    left = { kind: 'operation', operator, left: asNumber(parser, left), right }
    operator = takeOneOf(parser, signs)
  }
  return left
}

function parseSigned(parser: ScriptParser): Node {
  const sign = takeOneOf(parser, ['-', '+', '!'])
  if (sign === undefined) return parsePrimary(parser)
  if (++parser.depth > limits.scriptDepth) throw unexpected(parser)
  const operand = parseSigned(parser)
  parser.depth--
  if (sign === '!') return { kind: 'not', operand: asCondition(parser, operand) }
  const number = asNumber(parser, operand)
  return sign === '-' ? { kind: 'negation', operand: number } : number
}

function parsePrimary(parser: ScriptParser): Node {
  if (take(parser, '(')) {
    const inner = parseAny(parser)
    expectSign(parser, ')')
    return inner
  }
  const { kind, text } = next(parser)
  if (kind === 'number') {
    parser.at++
    return { kind: 'number', value: toFinite(parser, text) }
  }
  if (kind !== 'name') throw unexpected(parser)
  return parseName(parser, text)
}

function parseName(parser: ScriptParser, text: string): Script {
  const [owner = '', name = '', more] = text.split('.')
  const { names } = parser
  if (text === 'Double.NaN') {
    parser.at++
    return { kind: 'number', value: Number.NaN }
  }
  if (more === undefined && owner === 'Math' && Object.hasOwn(mathFunctions, name)) {
    parser.at++
    return parseMath(parser, name as MathName)
  }
  if (names.kind === 'params') {
    if (more !== undefined || owner !== 'params' || !names.names.has(name)) throw unexpected(parser)
    parser.at++
    return { kind: 'param', name }
  }
  if (text === 'values.length') {
    parser.at++
    return { kind: 'length' }
  }
  if (more !== undefined || owner !== 'MovingFunctions') throw unexpected(parser)
  return { kind: 'moving', call: parseMovingCall(parser, name, parseChoice) }
}

function parseMath(parser: ScriptParser, name: MathName): Script {
  const operands: Script[] = []
  expectSign(parser, '(')
  for (let at = 0; at < mathFunctions[name]; at++) {
    if (at > 0) expectSign(parser, ',')
    operands.push(parseChoice(parser))
  }
  expectSign(parser, ')')
  return { kind: 'math', name, operands }
}
