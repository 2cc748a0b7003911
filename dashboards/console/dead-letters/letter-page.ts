/** Where a letter is looked at: ids are a tenant's own. */
export const letterPage = ({
  tenant,
  id,
}: {
  readonly tenant: string
  readonly id: string
}): string => `/dead-letters/${encodeURIComponent(tenant)}/${encodeURIComponent(id)}`
