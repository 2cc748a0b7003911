import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Health } from '@warren/contracts/http/status'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { createHealthCell, type HealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import { parseRules } from './parse-rules.ts'
import { createRuleBook, type RuleBook } from './rule-book.ts'
import { defaultRules } from './schema.ts'

/** The rules that hold now. */
export interface RulesFile {
  /** Changes between two messages, never within one. */
  book(): RuleBook
  /** `poller/rules`: yellow while the file cannot be used, and the rules before it go on. */
  health(): Health
  close(): void
}

export interface RulesFileOptions {
  /** Named by a setting: it must be there. */
  readonly file?: string | undefined
  /** Where a file of the usual name is read when there is one. */
  readonly folder?: string | undefined
  readonly log: Pick<Log, 'info' | 'error'>
  readonly onReload: (outcome: 'taken' | 'refused') => void
  readonly lookMs?: number
}

/** In the data folder. */
export const usualName = 'rules.yaml'
const maxFileBytes = 4 * 1024 ** 2
const defaultLookMs = 1000
const gone = 'is gone; its rules go on until the poller starts anew'

/** Undefined when the file is not there. */
function readText(file: string): string | undefined {
  try {
    const { size } = statSync(file)
    if (size > maxFileBytes) throw new Error(`${file} is larger than ${maxFileBytes} bytes`)
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** What tells one state of a file from another without reading it: a rename over it changes its number, a write its times. */
function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? 'absent' : `${stat.dev} ${stat.ino} ${stat.size} ${stat.ctimeNs}`
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Reads the rules, and again whenever the file changes. Throws (fatal) when they cannot be used at the start: nothing is to be stored with rules that nobody wrote. */
export function openRulesFile(options: RulesFileOptions): RulesFile {
  const health = createHealthCell('poller/rules')
  health.set('green')
  const { folder, file = folder === undefined ? undefined : join(folder, usualName) } = options
  if (file === undefined) {
    const book = createRuleBook(defaultRules)
    return { book: () => book, health: health.read, close: () => undefined }
  }
  return watchFile(file, options, health)
}

function watchFile(file: string, options: RulesFileOptions, health: HealthCell): RulesFile {
  let stamp = stampOf(file)
  const text = readText(file)
  if (text === undefined && options.file !== undefined)
    throw new WarrenError(`the rules file ${file} is not there`, {
      code: 'config_invalid',
      disposition: 'fatal',
    })
  let book = createRuleBook(text === undefined ? defaultRules : parseRules(text, file))
  let digest = text === undefined ? undefined : digestOf(text)
  let complaint: string | undefined

  const take = (changed: string) => {
    if (digestOf(changed) !== digest) {
      book = createRuleBook(parseRules(changed, file))
      digest = digestOf(changed)
      options.onReload('taken')
      options.log.info('the rules were read again', { file })
    }
    complaint = undefined
    health.set('green')
  }
  const complain = (reason: string) => {
    if (reason === complaint) return
    complaint = reason
    options.onReload('refused')
    health.set('yellow', `${reason}; the rules before it go on`)
    options.log.error('the rules cannot be used; those before go on', { file, reason })
  }
  let seen = stamp
  const look = () => {
    const now = stampOf(file)
    const isStill = now === seen
    seen = now
    // Half a file may be rules as well: without redaction, say. Who writes it is given until the next look.
    if (now === stamp || !isStill) return
    stamp = now
    try {
      const changed = readText(file)
      if (changed !== undefined) take(changed)
      else if (digest !== undefined) health.set('yellow', `${file} ${gone}`)
    } catch (error) {
      complain(reasonOf(error))
    }
  }
  const timer = setInterval(look, options.lookMs ?? defaultLookMs)
  return { book: () => book, health: health.read, close: () => clearInterval(timer) }
}
