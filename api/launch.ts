import { fileURLToPath } from 'node:url'

/** How to start the api as a process of its own, after `node`. */
export const apiLaunch = {
  // Answers live for milliseconds: with Node's own young generation, which may have 128 MB where there is much memory, the process grows by as much.
  execArgv: ['--max-semi-space-size=8'],
  script: fileURLToPath(new URL('./start.mjs', import.meta.url)),
} as const
