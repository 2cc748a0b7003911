import { fileURLToPath } from 'node:url'

/** How to start the poller as a process of its own, after `node`. */
export const pollerLaunch = {
  // What lives long is few objects and is soon known; with Node's own young generation, up to 48 MB, the process is 50 MB larger.
  execArgv: ['--max-semi-space-size=2'],
  script: fileURLToPath(new URL('./start.mjs', import.meta.url)),
} as const
