import { checkTree, parseTree, type Wording } from '@warren/platform/config/check'
import { type Rules, rulesSchema } from './schema.ts'

/** `logs.0.rename` → `logs[0].rename`. */
const nameOf = (path: readonly string[]): string =>
  path.map((key, at) => (/^\d+$/.test(key) ? `[${key}]` : at === 0 ? key : `.${key}`)).join('')

const wording: Wording = { title: 'invalid rules', key: 'key', nameOf, pathOf: nameOf }

/** The rules of a YAML or JSON text; nothing said is the default. Throws a `WarrenError` (`config_invalid`) that lists every problem with its path. */
export const parseRules = (text: string, file: string): Rules =>
  checkTree(rulesSchema, parseTree(text, file, wording), {
    ...wording,
    title: `invalid rules in ${file}`,
  })
