export const a: number;
