import { fieldType } from '../field-types.ts'
import type { Sort } from '../tree.ts'

/** Dates come and go as texts with nanoseconds: as numbers they would not survive a reader of JSON doubles. */
export const sortDateFormat = 'strict_date_optional_time_nanos'

export function printSort({ field, direction, unmappedType, missing }: Sort): object {
  const isDate = fieldType(field) === 'date'
  return {
    [field]: {
      order: direction,
      ...(unmappedType === undefined ? {} : { unmapped_type: unmappedType }),
      ...(missing === undefined ? {} : { missing }),
      ...(isDate ? { format: sortDateFormat } : {}),
    },
  }
}
