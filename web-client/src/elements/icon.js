import { svg } from 'lit-html';

/** @param {string} d */
export const icon = (d) => svg`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${d} /></svg>`;

export const chatIcon = icon('M21 11.5a8.4 8.4 0 0 1-9 8.4 9.6 9.6 0 0 1-3.6-.7L3.5 20.5l1.4-4.3A8 8 0 0 1 3 11.5a8.6 8.6 0 0 1 9-8.4 8.6 8.6 0 0 1 9 8.4Z');
export const closeIcon = icon('M6 6l12 12M18 6L6 18');
export const backIcon = icon('M15 5l-7 7 7 7');
