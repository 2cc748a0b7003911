import type { SeenKind } from './log-file.ts'
import type { LogFiles } from './log-files.ts'

/** Names seen in all day files of the tenant, sorted. A file is read when it is not attached; `LogFiles` remembers its names. */
export async function namesOf(
  files: LogFiles,
  tenant: string,
  kind: SeenKind,
): Promise<readonly string[]> {
  const names = new Set<string>()
  for (const day of await files.days.days(tenant))
    for (const name of await files.namesOfDay(tenant, day, kind)) names.add(name)
  return [...names].sort()
}
