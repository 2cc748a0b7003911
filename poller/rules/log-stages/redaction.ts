import type { Attributes } from '../../logs/attributes.ts'
import { mask } from '../../redaction/patterns.ts'
import { createRedactor, type Redactor } from '../../redaction/redact.ts'
import type { LogStage } from '../log-stage.ts'
import { replacer } from '../pattern.ts'
import type { Rules } from '../schema.ts'
import { isFor, type Sender } from '../sender.ts'

/** The masks of one sender; undefined when there are none. */
export function redactorOf({ redaction }: Rules, sender: Sender): Redactor | undefined {
  const own = redaction.own
    .filter((rule) => isFor(rule, sender))
    .map(({ pattern, replacement }) => replacer(pattern, replacement))
  if (own.length + redaction.builtIn.length === 0) return undefined
  return createRedactor({ builtIn: redaction.builtIn, own })
}

function redactAttributes(attributes: Attributes, redactor: Redactor): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (redactor.isSecretKey(name)) attributes[name] = mask
    else if (typeof value === 'string') attributes[name] = redactor.text(value)
  }
}

/** Masks secrets in the message and in attributes. The last stage: it sees what the others made. */
export const redaction: LogStage = {
  section: 'redaction',
  compile: (rules, sender) => {
    const redactor = redactorOf(rules, sender)
    if (redactor === undefined) return undefined
    return {
      leavesUnsuspected: !rules.redaction.own.some((rule) => isFor(rule, sender)),
      apply: (record) => {
        record['message'] = redactor.text(String(record['message']))
        const attributes = record['attributes']
        if (typeof attributes === 'object') redactAttributes(attributes, redactor)
        return undefined
      },
    }
  },
}
