import { mask, type PatternName, patterns, secretKey } from './patterns.ts'

/** Masks what looks like a secret. Pure; applied to its own result it changes nothing more. */
export interface Redactor {
  text(text: string): string
  /** Whether the value of this key is masked whole. */
  isSecretKey(key: string): boolean
}

export interface RedactorOptions {
  readonly builtIn: readonly PatternName[]
  /** In order, after the built-in ones. */
  readonly own?: readonly ((text: string) => string)[]
}

/** Each round masks something more; no text that is not made for it needs a third. */
const maxRounds = 8

export function createRedactor({ builtIn, own = [] }: RedactorOptions): Redactor {
  const all = [...builtIn.map((name) => patterns[name]), ...own]
  const hidesKeys = builtIn.includes('passwords') || builtIn.includes('tokens')
  const once = (text: string): string => all.reduce((masked, redact) => redact(masked), text)
  return {
    text: (text) => {
      let masked = once(text)
      // A mask may end the word before it, so that only now the next one begins.
      for (let round = 0, before = text; masked !== before && round < maxRounds; round += 1) {
        before = masked
        masked = once(masked)
      }
      return masked
    },
    isSecretKey: (key) => hidesKeys && secretKey.test(key),
  }
}

export { mask }
