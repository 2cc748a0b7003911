import { type Attributes, createAttributes } from '../../logs/attributes.ts'
import type { CanonicalRecord } from '../../logs/canonical-record.ts'
import { isAny } from '../glob.ts'
import type { LogStage } from '../log-stage.ts'
import { applyNames } from '../names.ts'
import type { Rules } from '../schema.ts'
import { isFor } from '../sender.ts'

type LogRule = Rules['logs'][number]

const textOf = (record: CanonicalRecord, key: string): string => {
  const value = record[key]
  return typeof value === 'string' ? value : ''
}

const isOf = (rule: LogRule, record: CanonicalRecord): boolean =>
  isAny(rule.datasets, textOf(record, 'event.dataset')) &&
  isAny(rule.services, textOf(record, 'service.name'))

function changeAttributes(rule: LogRule, record: CanonicalRecord): void {
  const own = record['attributes']
  const map = new Map(typeof own === 'object' ? Object.entries(own) : [])
  applyNames(rule, map)
  for (const [name, value] of Object.entries(rule.add ?? {}))
    if (!map.has(name)) map.set(name, value)
  const attributes: Attributes = createAttributes()
  for (const [name, value] of map) attributes[name] = value
  if (map.size === 0) delete record['attributes']
  else record['attributes'] = attributes
}

/** Leaves records out, and leaves out, renames and adds attributes: every rule that is for the record's dataset and service, in order. */
export const logs: LogStage = {
  section: 'logs',
  compile: (rules, sender) => {
    const own = rules.logs.filter((rule) => isFor(rule, sender))
    if (own.length === 0) return undefined
    return {
      leavesUnsuspected: false,
      apply: (record) => {
        for (const rule of own) {
          if (!isOf(rule, record)) continue
          if (rule.drop === true) return 'dropped'
          changeAttributes(rule, record)
        }
        return undefined
      },
    }
  },
}
