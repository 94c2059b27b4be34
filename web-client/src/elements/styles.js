import { css } from './element.js';

/** Colours, measures and what every part is made of. Each `--chat-…` may be set by the page. */
export const tokens = css`
  :host {
    --_accent: var(--chat-accent, light-dark(#1d4fd7, #7ea6ff));
    --_on-accent: var(--chat-on-accent, light-dark(#fff, #0b1530));
    --_surface: var(--chat-surface, light-dark(#fff, #14171d));
    --_canvas: var(--chat-canvas, light-dark(#f4f6f9, #0e1116));
    --_text: var(--chat-text, light-dark(#151a22, #eceff4));
    --_muted: var(--chat-muted, light-dark(#586273, #a1abbb));
    --_line: var(--chat-line, light-dark(#e1e6ed, #272c36));
    --_hover: var(--chat-hover, light-dark(#eef2f8, #1f242d));
    --_theirs: var(--chat-bubble, light-dark(#fff, #222833));
    --_theirs-text: var(--chat-bubble-text, var(--_text));
    --_mine: var(--chat-own-bubble, light-dark(#1d4fd7, #2b55c9));
    --_mine-text: var(--chat-own-bubble-text, #fff);
    --_mine-muted: var(--chat-own-bubble-muted, #dbe6ff);
    --_alert: var(--chat-alert, light-dark(#c81e3a, #ff8095));
    --_badge: var(--chat-badge, light-dark(#d11f3d, #cf2f4b));
    --_online: var(--chat-online, light-dark(#15803d, #4ade80));
    --_radius: var(--chat-radius, 18px);
    --_font: var(--chat-font, system-ui, sans-serif);
    color-scheme: light dark;
    color: var(--_text);
    font: 400 15px/1.4 var(--_font);
    -webkit-text-size-adjust: 100%;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  :host([hidden]) {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    margin: 0;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }
  button:disabled {
    cursor: default;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  :is(input, textarea):focus-visible {
    outline-offset: -2px;
  }
  svg {
    display: block;
    width: 20px;
    height: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .icon {
    display: inline-grid;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    color: var(--_muted);
    flex: none;
    transition: background 0.15s;
  }
  .icon:hover:not(:disabled) {
    background: var(--_hover);
    color: var(--_text);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  header {
    display: flex;
    align-items: center;
    gap: 4px;
    min-height: 64px;
    padding: 8px 12px;
    border-bottom: 1px solid var(--_line);
    background: var(--_surface);
    flex: none;
  }
  header .title {
    flex: 1;
    min-width: 0;
    padding-inline: 8px;
  }
  h2 {
    margin: 0;
    font-size: 17px;
    line-height: 1.3;
    font-weight: 650;
    letter-spacing: -0.01em;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .empty {
    margin: auto;
    padding: 32px;
    max-width: 320px;
    text-align: center;
    color: var(--_muted);
    display: grid;
    justify-items: center;
    gap: 6px;
  }
  .empty svg {
    width: 56px;
    height: 56px;
    stroke-width: 1.2;
    color: var(--_accent);
    opacity: 0.85;
    margin-bottom: 8px;
  }
  .empty strong {
    color: var(--_text);
    font-size: 16px;
    font-weight: 600;
  }
  .count {
    display: inline-grid;
    place-items: center;
    min-width: 22px;
    height: 22px;
    padding-inline: 6px;
    border-radius: 11px;
    font-size: 12px;
    font-weight: 650;
    line-height: 1;
    font-variant-numeric: tabular-nums;
    color: #fff;
    background: var(--_badge);
  }
  .spin {
    width: 16px;
    height: 16px;
    border-radius: 50%;
    border: 2px solid currentColor;
    border-inline-end-color: transparent;
    animation: spin 0.8s linear infinite;
    flex: none;
  }
  @keyframes spin {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
