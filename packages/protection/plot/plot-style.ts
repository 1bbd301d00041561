/**
 * Colours for light and dark, told apart by eyes that see red and green alike (palette of Okabe and Ito, darkened or lightened for contrast); each line has its own
 * dashes too.
 */
export const plotStyle = `
svg{--paper:#ffffff;--ink:#1b1f24;--faint:#e3e6ea;--grid:#b9c0c8;--breaker:#8a5a00;--meter:#0059a6;--upstream:#a63a00;--recloser:#00694b;--load:#7a3f68;--good:#0072b2;font:12px system-ui,sans-serif}
@media (prefers-color-scheme:dark){svg{--paper:#15181c;--ink:#e8eaed;--faint:#272c33;--grid:#444c56;--breaker:#e8b04a;--meter:#6db6f2;--upstream:#f0925a;--recloser:#4fcf9f;--load:#d99bc4;--good:#56b4e9}}
.paper{fill:var(--paper)}text{fill:var(--ink)}.axis{font-weight:600}.title{font-size:16px;font-weight:600}.fine{stroke:var(--faint)}.decade{stroke:var(--grid)}
.curve{fill:none;stroke-width:2.2}.label{paint-order:stroke;stroke:var(--paper);stroke-width:4px}.strip{stroke:var(--paper)}.strip-text{font-size:10px}.helps{fill:var(--good);fill-opacity:.35}.vacuous{fill:var(--grid);fill-opacity:.6}.none{fill:var(--upstream);fill-opacity:.35}.limit{stroke:var(--ink);stroke-dasharray:2 3}.margin{fill:var(--good);fill-opacity:.16;stroke:none}
.breaker{stroke:var(--breaker)}.meter{stroke:var(--meter);stroke-width:3}.upstream{stroke:var(--upstream)}.recloser{stroke:var(--recloser)}.load{stroke:var(--load)}
.d1{stroke-dasharray:7 4}.d2{stroke-dasharray:2 4}.d3{stroke-dasharray:10 3 2 3}`;
