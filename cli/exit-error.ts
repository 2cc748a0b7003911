import { type ExitReason, exitCodes } from '@warren/platform/exit-codes'

/** A failure that the command line reports as one line and a code of its own. */
export class ExitError extends Error {
  readonly exitCode: number

  constructor(reason: ExitReason, message: string, cause?: unknown) {
    super(message, { cause })
    this.exitCode = exitCodes[reason]
  }
}

const byErrno: Readonly<Record<string, ExitReason>> = {
  EACCES: 'dataFolder',
  EPERM: 'dataFolder',
  EROFS: 'dataFolder',
  ENOTDIR: 'dataFolder',
  EEXIST: 'dataFolder',
  ENOSPC: 'diskFull',
  EDQUOT: 'diskFull',
}

/** What a failed system call on the data folder means to the person who started Warren. */
export function toDataFolderError(folder: string, error: unknown): ExitError {
  const { code = '', message } = error as NodeJS.ErrnoException
  const reason = byErrno[code] ?? 'dataFolder'
  return reason === 'diskFull'
    ? new ExitError(
        reason,
        `the disk that holds ${folder} is full: make room and start again`,
        error,
      )
    : new ExitError(reason, `the data folder ${folder} cannot be used: ${message}`, error)
}
