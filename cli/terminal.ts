import { reasonOf } from '@warren/platform/errors'
import { exitCodeOf } from '@warren/platform/exit-codes'

export const print = (line: string): void => void process.stdout.write(`${line}\n`)
export const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** Names the columns of a list to a person; what a program reads has none. */
export function printHead(line: string): void {
  if (process.stdout.isTTY) print(line)
}

/** Text of a sender or of a server as a terminal may show it: control characters could move its cursor or change its title. */
export const toShown = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    character === '\n' || character === '\t' ? ' ' : '\uFFFD',
  )

/** Runs a command that ends by itself; a failure is one line and an exit code. */
export const ending =
  <Args extends readonly unknown[]>(run: (...args: Args) => Promise<number>) =>
  async (...args: Args): Promise<void> => {
    // Whoever read it may have had enough, as `head` does. What the command does is done all the same.
    process.stdout.on('error', () => undefined)
    try {
      process.exitCode = await run(...args)
    } catch (error) {
      say(`warren: ${reasonOf(error)}`)
      process.exitCode = exitCodeOf(error)
    }
  }
