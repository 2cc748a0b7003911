/** The arithmetic that `bucket_script` and `moving_fn` may hold. Every number is floating point: there is no other code to run. */
export type Script =
  | { readonly kind: 'number'; readonly value: number }
  /** `params.name`: a value of the bucket, in `bucket_script` only. */
  | { readonly kind: 'param'; readonly name: string }
  /** `values.length`: how many values the window holds, in `moving_fn` only. */
  | { readonly kind: 'length' }
  | { readonly kind: 'negation'; readonly operand: Script }
  | {
      readonly kind: 'operation'
      readonly operator: ArithmeticOperator
      readonly left: Script
      readonly right: Script
    }
  | { readonly kind: 'math'; readonly name: MathName; readonly operands: readonly Script[] }
  | { readonly kind: 'moving'; readonly call: MovingCall }
  | {
      readonly kind: 'choice'
      readonly condition: Condition
      readonly then: Script
      readonly otherwise: Script
    }

export type Condition =
  | {
      readonly kind: 'comparison'
      readonly operator: ComparisonOperator
      readonly left: Script
      readonly right: Script
    }
  | { readonly kind: 'both' | 'either'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly operand: Condition }

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%'
export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '==' | '!='

/** How many operands each takes. */
export const mathFunctions = {
  abs: 1,
  ceil: 1,
  exp: 1,
  floor: 1,
  log: 1,
  log10: 1,
  max: 2,
  min: 2,
  pow: 2,
  round: 1,
  sqrt: 1,
} as const
export type MathName = keyof typeof mathFunctions

/** `MovingFunctions.*` of Elasticsearch, of the window's values:
 *  https://www.elastic.co/docs/reference/aggregations/search-aggregations-pipeline-movfn-aggregation */
export type MovingCall =
  | { readonly name: 'max' | 'min' | 'sum' | 'unweightedAvg' | 'linearWeightedAvg' }
  | { readonly name: 'stdDev'; readonly average: Script }
  | { readonly name: 'ewma'; readonly alpha: number }
  | { readonly name: 'holt'; readonly alpha: number; readonly beta: number }
  | HoltWintersCall
export interface HoltWintersCall {
  readonly name: 'holtWinters'
  readonly alpha: number
  readonly beta: number
  readonly gamma: number
  /** Whole, at least 1; a window of fewer than two periods has no value. */
  readonly period: number
  readonly multiplicative: boolean
}
