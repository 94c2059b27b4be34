import { css } from './element.js';

/** What lists and rooms are both made of. */
export const parts = css`
  /* A name's own direction decides where it is cut, the page's where it stands. */
  :host(:dir(rtl)) :is(.name, .last, h2) {
    text-align: right;
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
`;
