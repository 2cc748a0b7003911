import type { Command } from 'commander'

/** `--deployment`, which can be given several times; none is an empty list. */
export const withDeployments = (command: Command, about: string): Command =>
  command.option(
    '--deployment <name>',
    `${about} (can be given several times)`,
    (name: string, before: readonly string[]) => [...before, name],
    [],
  )
