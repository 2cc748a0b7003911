import type { Condition, MovingCall, Script } from '../script/tree.ts'

/** Arithmetic as painless, made from the tree alone; every operation in parentheses, every number a double. */
export function printScript(script: Script): string {
  switch (script.kind) {
    case 'number':
      return printNumber(script.value)
    case 'param':
      return `params.${script.name}`
    case 'length':
      return '((double)values.length)'
    case 'negation':
      return `(-${printScript(script.operand)})`
    case 'operation':
      return `(${printScript(script.left)} ${script.operator} ${printScript(script.right)})`
    case 'math':
      // Java's own would make a whole number of what is none.
      if (script.name === 'round') return `Math.floor(${script.operands.map(printScript)} + 0.5)`
      return `Math.${script.name}(${script.operands.map(printScript).join(', ')})`
    case 'moving':
      return printMoving(script.call)
    case 'choice':
      return `(${printCondition(script.condition)} ? ${printScript(script.then)} : ${printScript(script.otherwise)})`
  }
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return 'Double.NaN'
  const text = String(value)
  return /^\d+$/.test(text) ? `${text}.0` : text
}

function printCondition(condition: Condition): string {
  if (condition.kind === 'not') return `!(${printCondition(condition.operand)})`
  if (condition.kind === 'comparison')
    return `(${printScript(condition.left)} ${condition.operator} ${printScript(condition.right)})`
  const sign = condition.kind === 'both' ? '&&' : '||'
  return `(${printCondition(condition.left)} ${sign} ${printCondition(condition.right)})`
}

function printMoving(call: MovingCall): string {
  const text = (...settings: readonly string[]) =>
    `MovingFunctions.${call.name}(${['values', ...settings].join(', ')})`
  switch (call.name) {
    case 'stdDev':
      return text(printScript(call.average))
    case 'ewma':
      return text(printNumber(call.alpha))
    case 'holt':
      return text(printNumber(call.alpha), printNumber(call.beta))
    case 'holtWinters': {
      const smoothing = [call.alpha, call.beta, call.gamma].map(printNumber)
      const forecast = text(...smoothing, String(call.period), String(call.multiplicative))
      // Elasticsearch fails the whole search where the window is still too short.
      return `(values.length < ${2 * call.period} ? Double.NaN : ${forecast})`
    }
    case 'max':
    case 'min':
    case 'sum':
    case 'unweightedAvg':
    case 'linearWeightedAvg':
      return text()
  }
}
