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
  /* A name's own direction decides where it is cut, the page's where it stands. */
  :host(:dir(rtl)) :is(.name, .last, h2) {
    text-align: right;
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
  .avatar {
    position: relative;
    flex: none;
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    border-radius: 50%;
    font-weight: 600;
    font-size: 16px;
    color: light-dark(hsl(var(--hue) 55% 28%), hsl(var(--hue) 70% 86%));
    background: light-dark(hsl(var(--hue) 70% 90%), hsl(var(--hue) 35% 26%));
  }
  .avatar.small {
    width: 28px;
    height: 28px;
    font-size: 12px;
  }
  .dot {
    position: absolute;
    inset-inline-end: 0;
    bottom: 0;
    width: 13px;
    height: 13px;
    border-radius: 50%;
    background: var(--_online);
    border: 2.5px solid var(--_surface);
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
  .sub {
    display: flex;
    flex-wrap: wrap;
    max-height: 1.5em;
    overflow: hidden;
    font-size: 13px;
    line-height: 1.5;
    color: var(--_muted);
  }
  .sub span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  time {
    unicode-bidi: plaintext;
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
  .banner {
    flex: none;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    padding: 8px 16px;
    font-size: 13px;
    line-height: 1.35;
    text-align: center;
    color: light-dark(#6b4200, #ffdfa3);
    background: light-dark(#fff3d6, #3a2c0d);
    /* Most breaks are over before anybody minds. */
    animation: unfold 0.2s 1.5s backwards;
    overflow: hidden;
  }
  @keyframes unfold {
    from {
      max-height: 0;
      padding-block: 0;
      opacity: 0;
    }
    to {
      max-height: 6em;
    }
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
  .bone {
    border-radius: 8px;
    background: var(--_line);
    animation: breathe 1.4s ease-in-out infinite alternate;
  }
  @keyframes breathe {
    from {
      opacity: 0.9;
    }
    to {
      opacity: 0.45;
    }
  }
  .menu {
    position: absolute;
    z-index: 5;
    min-width: 168px;
    padding: 6px;
    border-radius: 12px;
    background: var(--_surface);
    border: 1px solid var(--_line);
    box-shadow: 0 12px 32px rgb(0 0 0 / 0.22);
    color: var(--_text);
    font-size: 14px;
  }
  .menu button,
  .menu label {
    display: flex;
    align-items: center;
    gap: 10px;
    width: 100%;
    min-height: 38px;
    padding: 6px 10px;
    border-radius: 8px;
    text-align: start;
    cursor: pointer;
  }
  .menu :is(button, label):hover,
  .menu button:focus-visible {
    background: var(--_hover);
  }
  .menu svg {
    width: 17px;
    height: 17px;
    color: var(--_muted);
  }
  .menu .danger,
  .menu .danger svg {
    color: var(--_alert);
  }
  .menu input {
    accent-color: var(--_accent);
    width: 17px;
    height: 17px;
    margin: 0;
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
