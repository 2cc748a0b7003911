import type { Condition, MathName, Script } from '../../script/tree.ts'
import { moving } from './moving-functions.ts'

/** What a script is evaluated over: named values of a bucket, or the values of a window. */
export interface ScriptInput {
  readonly params: ReadonlyMap<string, number>
  readonly values: readonly number[]
}

/** In double arithmetic, as painless computes what `printScript` writes. */
export function evaluateScript(script: Script, input: ScriptInput): number {
  const of = (operand: Script) => evaluateScript(operand, input)
  switch (script.kind) {
    case 'number':
      return script.value
    case 'param':
      return input.params.get(script.name) ?? Number.NaN
    case 'length':
      return input.values.length
    case 'negation':
      return -of(script.operand)
    case 'operation':
      return operations[script.operator](of(script.left), of(script.right))
    case 'math': {
      const [first = Number.NaN, second = Number.NaN] = script.operands.map(of)
      return mathematics[script.name](first, second)
    }
    case 'moving':
      return moving(script.call, input.values, of)
    case 'choice':
      return of(holds(script.condition, input) ? script.then : script.otherwise)
  }
}

const operations = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
}

const mathematics: Readonly<Record<MathName, (a: number, b: number) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  exp: Math.exp,
  floor: Math.floor,
  log: Math.log,
  log10: Math.log10,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  pow: (a, b) => a ** b,
  round: (a) => Math.floor(a + 0.5),
  sqrt: Math.sqrt,
}

const comparisons = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '==': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
}

function holds(condition: Condition, input: ScriptInput): boolean {
  switch (condition.kind) {
    case 'not':
      return !holds(condition.operand, input)
    case 'both':
      return holds(condition.left, input) && holds(condition.right, input)
    case 'either':
      return holds(condition.left, input) || holds(condition.right, input)
    case 'comparison': {
      const left = evaluateScript(condition.left, input)
      return comparisons[condition.operator](left, evaluateScript(condition.right, input))
    }
  }
}
