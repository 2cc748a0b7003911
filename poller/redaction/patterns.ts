/** What stands where a secret stood. */
export const mask = '***'

const word = (names: string): string => `(?:${names})["'\\\\]{0,4} {0,4}[=:] {0,4}["'\\\\]{0,4}`
const value = String.raw`[^\s"'\\,;&(){}[\]<>]`

/** The issuers' prefixes and lengths: https://en.wikipedia.org/wiki/Payment_card_number#Issuer_identification_number_(IIN) */
const issuers =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|6(?:011|5\d\d)\d{12})$/

/** https://en.wikipedia.org/wiki/Luhn_algorithm */
function isLuhn(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at])
    const doubled = at % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

function maskCard(text: string): string {
  const digits = text.replace(/[ -]/g, '')
  return issuers.test(digits) && isLuhn(digits) ? mask : text
}

type Redact = (text: string) => string

const replacing =
  (pattern: RegExp, by: string): Redact =>
  (text) =>
    text.replace(pattern, by)

/** Not what is masked already, nor the name of a scheme that comes before its secret. */
const notDone = String.raw`(?!\*{3}|(?:bearer|basic|token) )`
const spelled = new RegExp(`(${word('password|passwd|passphrase')})${notDone}${value}+`, 'gi')
/** A path after `PWD=` is the working folder. */
const short = new RegExp(`(${word('pwd')})(?!/)${notDone}${value}+`, 'gi')
const keyNames = 'secret|token|authorization|(?:api|access|secret|private|account)[_-]?key'
const tokens = new RegExp(
  `(${word(keyNames)}(?:(?:bearer|basic|token) {1,4})?)${notDone}${value}{6,}`,
  'gi',
)
const known = [
  String.raw`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,
  String.raw`\bgh[pousr]_[A-Za-z0-9]{30,}`,
  String.raw`\bxox[abprs]-[A-Za-z0-9-]{10,}`,
  String.raw`\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}`,
  String.raw`\bwrn_[A-Za-z0-9_-]{16,}`,
  String.raw`\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{0,1000}`,
].join('|')

/** In one piece, or in the groups that cards are printed in: digits of neighbouring UUIDs with their hyphens would be a card now and then. */
const cardNumber =
  /(?<![\d.-])(?:[2-6]\d{12,18}|[2-6]\d{3}([ -])\d{4}\1\d{4}\1\d{1,7}|3\d{3}([ -])\d{6}\2\d{4,5})(?!\d)/g

/** Built in, by the name that a rules file uses. Each is linear: nothing repeats within a repeat, and nothing before a fixed text is unbounded. */
export const patterns = {
  passwords: (text: string) => text.replace(spelled, `$1${mask}`).replace(short, `$1${mask}`),
  tokens: replacing(tokens, `$1${mask}`),
  bearer: replacing(/\b([Bb]earer {1,4})[A-Za-z0-9._~+/=-]{16,}/g, `$1${mask}`),
  knownTokens: replacing(new RegExp(known, 'g'), mask),
  urlPasswords: replacing(/(:\/\/[^\s/:@]{0,100}:)(?!\*{3}@)[^\s/@]{1,200}@/g, `$1${mask}@`),
  privateKeys: replacing(
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]{0,10000}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
    mask,
  ),
  cards: (text: string) => text.replace(cardNumber, maskCard),
} satisfies Readonly<Record<string, Redact>>

export type PatternName = keyof typeof patterns

export const patternNames = Object.keys(patterns) as readonly PatternName[]

/** A key whose value is a secret whatever it looks like. */
export const secretKey =
  /(?:password|passwd|passphrase|pwd|secret|token|authorization|(?:api|access|secret|private|account)[_.-]?key)$/i
