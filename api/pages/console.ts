import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import express, { type RequestHandler, Router } from 'express'
import { cspNonceOf } from './content-policy.ts'

export interface ConsoleOptions {
  /** Folder of the built console; undefined: there is none. */
  readonly distDir: string | undefined
  readonly basePath: string
}

const notBuilt = `<!doctype html><title>Warren</title>
<p>The api runs; its console is not built. Run <code>npm run build -w dashboards/console</code> and reload.</p>`

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

/** The page's own addresses are relative: `<base>` says below which path they are, the nonce which style elements it may make. */
const withHead = (page: string, basePath: string, nonce: string): string =>
  page.replace(
    /<head[^>]*>/,
    (head) =>
      `${head}<base href="${escapeAttribute(basePath)}/"><meta name="csp-nonce" content="${escapeAttribute(nonce)}">`,
  )

function pageHandler({ distDir, basePath }: ConsoleOptions): RequestHandler {
  return async (_, response) => {
    const page =
      distDir === undefined
        ? undefined
        : await readFile(join(distDir, 'index.html'), 'utf8').catch(() => undefined)
    response.set('Cache-Control', 'no-store').type('html')
    if (page === undefined) response.status(503).send(notBuilt)
    else response.send(withHead(page, basePath, cspNonceOf(response)))
  }
}

/** Files of the console, and its page at the root: where in it a person is stands behind the `#`. Any other path is nobody's, so that a client with a wrong one is not answered with a page and 200. */
export function consoleRoutes(options: ConsoleOptions): Router {
  const router = Router({ caseSensitive: true })
  if (options.distDir !== undefined)
    router.use(
      express.static(options.distDir, {
        index: false,
        redirect: false,
        setHeaders: (response, path) => {
          const hashed = path.includes('/assets/')
          response.setHeader(
            'Cache-Control',
            hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
          )
        },
      }),
    )
  router.get(['/', '/index.html'], pageHandler(options))
  return router
}
