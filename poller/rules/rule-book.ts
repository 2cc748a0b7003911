import type { CanonicalRecord } from '../logs/canonical-record.ts'
import { redactKept } from '../redaction/redact-kept.ts'
import type { LogStage } from './log-stage.ts'
import * as logStages from './log-stages/index.ts'
import { redactorOf } from './log-stages/redaction.ts'
import { createMetricPlan, type MetricPlan } from './metric-plan.ts'
import type { Rules } from './schema.ts'
import { isFor, type Sender } from './sender.ts'

/** What the rules mean for the records of one sender. */
export interface LogPlan {
  /** `plain`: copied as it is; `watched`: copied when nothing in it looks like a secret; `parsed`: every record is parsed. */
  readonly reading: 'plain' | 'watched' | 'parsed'
  /** Changes a parsed record in place, or says that it is left out. */
  apply(record: CanonicalRecord): 'dropped' | undefined
  /** What is kept of a record, or of lines of them, that goes to dead letters. */
  redactRefused(bytes: Uint8Array): Uint8Array
}

/** Which timestamps of one sender are believed, where rules say so. */
export interface WindowRule {
  readonly maxAheadMs: number | undefined
  readonly maxBehindMs: number | undefined
}

/** The rules, ready to be applied. Made from plain data in each thread; what they mean for a sender is worked out once and kept. */
export interface RuleBook {
  readonly rules: Rules
  metrics(sender: Sender): MetricPlan
  logs(sender: Sender): LogPlan
  window(sender: Sender): WindowRule | undefined
}

/** Senders remembered at most: deployments come and go. */
const maxSenders = 2000

function remembering<Plan>(make: (sender: Sender) => Plan): (sender: Sender) => Plan {
  const plans = new Map<string, Plan>()
  return (sender) => {
    const key = `${sender.tenant} ${sender.deployment ?? ''}`
    const known = plans.get(key)
    if (known !== undefined) return known
    if (plans.size >= maxSenders) plans.clear()
    const plan = make(sender)
    plans.set(key, plan)
    return plan
  }
}

export function createRuleBook(rules: Rules): RuleBook {
  const window = remembering((sender) => ({ rule: windowOf(rules, sender) }))
  return {
    rules,
    metrics: remembering((sender) => createMetricPlan(rules, sender)),
    logs: remembering((sender) => createLogPlan(rules, sender)),
    window: (sender) => window(sender).rule,
  }
}

/** The last rule that is for the sender and says it wins. */
function windowOf({ timestamps }: Rules, sender: Sender): WindowRule | undefined {
  const own = timestamps.filter((rule) => isFor(rule, sender))
  if (own.length === 0) return undefined
  return {
    maxAheadMs: own.findLast(({ maxAheadMs }) => maxAheadMs !== undefined)?.maxAheadMs,
    maxBehindMs: own.findLast(({ maxBehindMs }) => maxBehindMs !== undefined)?.maxBehindMs,
  }
}

/** A whole, since a stage's name is its file's. */
const inOrder: readonly LogStage[] = [logStages.logs, logStages.redaction]

function createLogPlan(rules: Rules, sender: Sender): LogPlan {
  const stages = inOrder.flatMap((stage) => stage.compile(rules, sender) ?? [])
  const redactor = redactorOf(rules, sender)
  const isParsed = stages.some(({ leavesUnsuspected }) => !leavesUnsuspected)
  const copied = stages.length === 0 ? 'plain' : 'watched'
  return {
    reading: isParsed ? 'parsed' : copied,
    apply: (record) => {
      for (const stage of stages) if (stage.apply(record) === 'dropped') return 'dropped'
      return undefined
    },
    redactRefused: (bytes) => (redactor === undefined ? bytes : redactKept(bytes, redactor)),
  }
}
