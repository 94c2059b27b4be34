import { css } from './element.js';

export const roomStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    min-height: 0;
    height: 480px;
    background: var(--_surface);
    container-type: inline-size;
  }
  header .avatar {
    width: 40px;
    height: 40px;
    margin-inline-start: 4px;
  }
  .log {
    position: relative;
    flex: 1;
    min-height: 0;
    background: var(--_canvas);
  }
  .scroll {
    position: absolute;
    inset: 0;
    overflow-y: auto;
    overflow-x: hidden;
    overflow-anchor: none;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    display: flex;
    /* The browser counts from the end: see hanging-list.js. */
    flex-direction: column-reverse;
  }
  .scroll:focus-visible {
    outline-offset: -3px;
  }
  .space {
    position: relative;
    flex: none;
    width: 100%;
  }
  .rows {
    position: absolute;
    inset: auto 0 0;
  }
  .row {
    display: flow-root;
    padding-inline: 12px;
  }
  .row.last {
    padding-bottom: 6px;
  }
  .day,
  .new {
    display: flex;
    justify-content: center;
    padding: 12px 12px 8px;
    font-size: 12px;
    line-height: 17px;
    font-weight: 600;
    color: var(--_muted);
  }
  .day span {
    padding: 3px 12px;
    border-radius: 12px;
    background: var(--_line);
  }
  .new {
    align-items: center;
    gap: 12px;
    color: var(--_alert);
  }
  .new::before,
  .new::after {
    content: '';
    flex: 1;
    height: 1px;
    background: currentColor;
    opacity: 0.35;
  }
  .line {
    display: flex;
    align-items: flex-end;
    gap: 8px;
    margin-top: 2px;
  }
  .first .line {
    margin-top: 8px;
  }
  .mine .line {
    flex-direction: row-reverse;
  }
  .gutter {
    width: 28px;
    flex: none;
  }
  .bubble {
    position: relative;
    min-width: 0;
    max-width: min(76%, 560px);
    padding: 7px 12px 6px;
    border-radius: var(--_radius);
    background: var(--_theirs);
    color: var(--_theirs-text);
    box-shadow: 0 1px 1.5px rgb(16 24 40 / 0.09);
  }
  .mine .bubble {
    background: var(--_mine);
    color: var(--_mine-text);
  }
  .theirs:not(.first) .bubble {
    border-start-start-radius: 6px;
  }
  .theirs.last .bubble {
    border-end-start-radius: 6px;
  }
  .mine:not(.first) .bubble {
    border-start-end-radius: 6px;
  }
  .mine.last .bubble {
    border-end-end-radius: 6px;
  }
  .row .bare {
    padding-inline: 4px;
    background: none;
    box-shadow: none;
  }
  .row .bare .meta {
    color: var(--_muted);
  }
  .row .bare .read {
    color: var(--_accent);
  }
  .flash .bubble {
    animation: flash 1.6s ease-out;
  }
  @keyframes flash {
    0%,
    40% {
      box-shadow: 0 0 0 3px var(--_accent);
    }
  }
  .who {
    font-size: 13px;
    font-weight: 600;
    line-height: 18px;
    color: light-dark(hsl(var(--hue) 60% 30%), hsl(var(--hue) 75% 78%));
  }
  .text {
    line-height: 21px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
  }
  .text.big {
    font-size: 34px;
    line-height: 42px;
  }
  .text a {
    color: inherit;
    text-underline-offset: 2px;
  }
  .gone {
    font-style: italic;
    color: var(--_muted);
  }
  .mine .gone {
    color: var(--_mine-muted);
  }
  .meta {
    float: inline-end;
    display: inline-flex;
    align-items: center;
    gap: 4px;
    margin-top: 5px;
    margin-inline: 10px 0;
    font-size: 11.5px;
    line-height: 16px;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
    user-select: none;
  }
  .mine .meta {
    color: var(--_mine-muted);
  }
  .meta svg {
    width: 15px;
    height: 15px;
    stroke-width: 2.2;
  }
  .meta .read {
    color: #9be7ff;
  }
  .quote {
    display: block;
    width: 100%;
    margin: 2px 0 5px;
    padding: 4px 10px;
    border-radius: 8px;
    border-inline-start: 3px solid var(--_accent);
    background: light-dark(rgb(16 24 40 / 0.05), rgb(255 255 255 / 0.07));
    text-align: start;
    font-size: 13.5px;
    line-height: 19px;
  }
  .mine .quote {
    border-color: currentColor;
    background: rgb(255 255 255 / 0.16);
  }
  .quote b {
    display: block;
    font-weight: 600;
  }
  .quote span {
    display: -webkit-box;
    -webkit-line-clamp: 2;
    -webkit-box-orient: vertical;
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  .picture {
    position: relative;
    display: block;
    margin: -3px -8px 4px;
    border-radius: calc(var(--_radius) - 5px);
    overflow: hidden;
    background: light-dark(#dfe5ee, #2c3340);
    max-width: 320px;
  }
  .picture img {
    display: block;
    width: 100%;
    height: 100%;
    object-fit: cover;
  }
  .picture .bar,
  .file .bar {
    position: absolute;
    inset: auto 8px 8px;
    height: 4px;
    border-radius: 2px;
    background: rgb(0 0 0 / 0.35);
    overflow: hidden;
  }
  .bar i {
    display: block;
    height: 100%;
    background: #fff;
    transform-origin: left;
    transition: scale 0.2s;
  }
  .stop {
    display: grid;
    place-items: center;
    width: 30px;
    height: 30px;
    border-radius: 50%;
    flex: none;
    color: #fff;
    background: rgb(0 0 0 / 0.55);
  }
  .stop svg {
    width: 15px;
    height: 15px;
    stroke-width: 2.4;
  }
  .picture .stop {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-end: 8px;
  }
  .edited {
    padding: 4px 0;
    margin: -4px 0;
  }
  .edited:hover {
    text-decoration: underline;
  }
  .earlier {
    width: min(420px, 88vw);
    max-height: 80vh;
    overflow-y: auto;
    padding: 20px 24px;
    border-radius: 16px;
    color: var(--_text);
    background: var(--_surface);
  }
  .earlier p {
    margin: 12px 0 0;
  }
  .earlier time {
    display: block;
    font-size: 12px;
    color: var(--_muted);
  }
  .file {
    position: relative;
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 4px 0;
    text-align: start;
    max-width: 100%;
  }
  .file > svg {
    width: 34px;
    height: 34px;
    padding: 7px;
    border-radius: 10px;
    background: light-dark(rgb(16 24 40 / 0.07), rgb(255 255 255 / 0.1));
    flex: none;
  }
  .mine .file > svg {
    background: rgb(255 255 255 / 0.18);
  }
  .file b {
    display: block;
    font-weight: 550;
    overflow-wrap: anywhere;
    line-height: 20px;
  }
  .file small {
    display: block;
    font-size: 12px;
    line-height: 16px;
    opacity: 0.9;
  }
  .notice {
    margin: 10px auto;
    width: fit-content;
    max-width: 88%;
    padding: 5px 14px;
    border-radius: 14px;
    font-size: 13px;
    line-height: 18px;
    text-align: center;
    color: var(--_muted);
    background: var(--_line);
    overflow-wrap: anywhere;
  }
  .notice time {
    margin-inline-start: 6px;
    font-size: 11.5px;
    white-space: nowrap;
  }
  .act {
    position: relative;
    align-self: center;
    flex: none;
  }
  .act > button {
    width: 28px;
    height: 28px;
    opacity: 0;
  }
  .act > button svg {
    width: 18px;
    height: 18px;
    stroke-width: 2.6;
  }
  .row:hover .act > button,
  .row:focus-within .act > button,
  .act > button[aria-expanded='true'] {
    opacity: 1;
  }
  @media (hover: none) {
    .act > button {
      opacity: 0.7;
    }
  }
  .act .menu {
    inset-block-start: 32px;
    inset-inline-end: 0;
  }
  .mine .act .menu {
    inset-inline: 0 auto;
  }
  .act .menu.up {
    inset-block: auto 32px;
  }
  .failed {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    flex-wrap: wrap;
    gap: 4px 12px;
    padding: 4px 4px 2px;
    font-size: 13px;
    line-height: 18px;
    color: var(--_alert);
  }
  .failed svg {
    width: 15px;
    height: 15px;
  }
  .failed span {
    display: inline-flex;
    gap: 5px;
    align-items: center;
  }
  .failed span:last-child {
    gap: 12px;
  }
  .failed button {
    font-weight: 600;
    text-decoration: underline;
    text-underline-offset: 2px;
    min-height: 24px;
  }
  .float {
    position: absolute;
    inset-block-start: 8px;
    inset-inline: 0;
    display: flex;
    justify-content: center;
    pointer-events: none;
    z-index: 2;
  }
  .float > * {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    padding: 3px 12px;
    min-height: 26px;
    border-radius: 13px;
    font-size: 12px;
    font-weight: 600;
    color: var(--_muted);
    background: var(--_line);
    box-shadow: 0 1px 4px rgb(0 0 0 / 0.12);
  }
  .float button {
    pointer-events: auto;
    color: var(--_accent);
  }
  .jump {
    position: absolute;
    inset-block-end: 14px;
    inset-inline-end: 16px;
    width: 42px;
    height: 42px;
    display: grid;
    place-items: center;
    border-radius: 50%;
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--_line);
    box-shadow: 0 4px 14px rgb(0 0 0 / 0.18);
    z-index: 2;
  }
  .jump .count {
    position: absolute;
    inset-block-start: -9px;
    inset-inline-end: -4px;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .typing {
    min-height: 22px;
    padding: 0 20px 4px;
    font-size: 13px;
    color: var(--_muted);
    background: var(--_canvas);
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .dots {
    display: inline-flex;
    gap: 3px;
  }
  .dots i {
    width: 5px;
    height: 5px;
    border-radius: 50%;
    background: currentColor;
    animation: hop 1.1s infinite;
  }
  .dots i:nth-child(2) {
    animation-delay: 0.15s;
  }
  .dots i:nth-child(3) {
    animation-delay: 0.3s;
  }
  @keyframes hop {
    0%,
    60%,
    100% {
      translate: 0 0;
      opacity: 0.5;
    }
    30% {
      translate: 0 -3px;
      opacity: 1;
    }
  }
  footer {
    flex: none;
    background: var(--_surface);
    border-top: 1px solid var(--_line);
    padding: 8px 10px calc(8px + env(safe-area-inset-bottom));
  }
  .context {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 0 4px 6px;
    padding-inline-start: 10px;
    border-inline-start: 3px solid var(--_accent);
    font-size: 13.5px;
  }
  .context div {
    flex: 1;
    min-width: 0;
  }
  .context b {
    display: block;
    color: var(--_accent);
    font-weight: 600;
  }
  .context span {
    display: block;
    color: var(--_muted);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .context .icon {
    width: 32px;
    height: 32px;
  }
  .files {
    display: flex;
    gap: 8px;
    margin: 0 4px 8px;
    overflow-x: auto;
    padding: 4px;
  }
  .files > div {
    position: relative;
    flex: none;
    display: flex;
    align-items: center;
    gap: 8px;
    height: 64px;
    max-width: 220px;
    min-width: 64px;
    border-radius: 12px;
    border: 1px solid var(--_line);
    background: var(--_canvas);
    padding-inline: 10px;
    font-size: 13px;
  }
  .files img {
    width: 64px;
    height: 62px;
    margin-inline: -10px;
    object-fit: cover;
    border-radius: 11px;
  }
  .files span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .files button {
    position: absolute;
    inset-block-start: -4px;
    inset-inline-end: -4px;
    width: 24px;
    height: 24px;
    display: grid;
    place-items: center;
    border-radius: 50%;
    background: var(--_text);
    color: var(--_surface);
  }
  .files button svg {
    width: 13px;
    height: 13px;
    stroke-width: 3;
  }
  .compose {
    display: flex;
    align-items: flex-end;
    gap: 4px;
  }
  textarea {
    flex: 1;
    min-width: 0;
    min-height: 42px;
    max-height: 160px;
    field-sizing: content;
    resize: none;
    margin: 0;
    padding: 10px 14px;
    border: 1px solid light-dark(#8791a3, #5d6778);
    border-radius: 21px;
    background: var(--_surface);
    color: inherit;
    font: inherit;
    font-size: 16px;
    line-height: 20px;
    scrollbar-width: thin;
  }
  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .send {
    width: 42px;
    height: 42px;
    color: var(--_accent);
  }
  .send.ready {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .send.ready:hover:not(:disabled) {
    background: var(--_accent);
    color: var(--_on-accent);
    filter: brightness(1.1);
  }
  .send:disabled {
    color: var(--_muted);
    opacity: 0.7;
  }
  :host(:dir(rtl)) .send svg {
    scale: -1 1;
  }
  .over {
    padding: 4px 8px 0;
    font-size: 13px;
    color: var(--_alert);
  }
  .shut {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 42px;
    color: var(--_muted);
    font-size: 14px;
  }
  .drop {
    position: absolute;
    inset: 8px;
    z-index: 6;
    display: grid;
    place-items: center;
    border-radius: 16px;
    border: 2px dashed var(--_accent);
    background: color-mix(in srgb, var(--_surface) 92%, transparent);
    color: var(--_accent);
    font-weight: 600;
    pointer-events: none;
  }
  dialog {
    border: 0;
    padding: 0;
    background: none;
    max-width: 96vw;
    max-height: 96vh;
    overflow: visible;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.82);
  }
  dialog img {
    display: block;
    max-width: 94vw;
    max-height: 90vh;
    border-radius: 8px;
  }
  dialog button {
    position: fixed;
    inset-block-start: 12px;
    inset-inline-end: 12px;
    width: 44px;
    height: 44px;
    display: grid;
    place-items: center;
    border-radius: 50%;
    color: #fff;
    background: rgb(0 0 0 / 0.6);
  }
  dialog .save {
    inset-inline-end: 68px;
  }
  .coming {
    padding: 24px;
    color: #fff;
  }
  .ghosts {
    padding: 20px 16px;
    display: grid;
    gap: 10px;
  }
  .ghosts .bone {
    height: 44px;
    width: 58%;
    border-radius: var(--_radius);
  }
  .ghosts .bone:nth-child(3n + 2) {
    justify-self: end;
    width: 44%;
  }
  @media (forced-colors: active) {
    .bubble {
      border: 1px solid;
    }
  }
`;
