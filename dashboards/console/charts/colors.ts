const palette = [
  '#228be6',
  '#40c057',
  '#fab005',
  '#fa5252',
  '#7950f2',
  '#15aabf',
  '#fd7e14',
  '#e64980',
  '#82c91e',
  '#868e96',
]

/** Of the nth line of a chart. */
export const colorOf = (line: number): string => palette[line % palette.length] ?? '#228be6'

/** Of axes and their grid. */
export const inkOf = (dark: boolean): { text: string; grid: string } =>
  dark ? { text: '#c1c2c5', grid: '#373a40' } : { text: '#495057', grid: '#e9ecef' }
