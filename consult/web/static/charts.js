/* Starts the charts of a page. Without this file words and tables say the same. */
(() => {
  "use strict";
  const config = {
    displaylogo: false, showSendToCloud: false, plotlyServerURL: "",
    displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false,
  };
  const ROOM = 700;

  function layoutOf(figure, box) {
    const ink = getComputedStyle(box);
    const layout = structuredClone(figure.layout);
    const size = parseFloat(ink.fontSize);
    layout.font = { ...layout.font, color: ink.color, size };
    layout.dragmode = false;
    layout.hovermode = "closest";
    layout.xaxis = { ...layout.xaxis, gridcolor: "rgba(128,128,128,.25)", zerolinecolor: ink.color };
    if (layout.barmode === "relative") {
      layout.xaxis.tickvals = [-100, -50, 0, 50, 100];
      layout.xaxis.ticktext = ["100 %", "50 %", "0", "50 %", "100 %"];
    }
    layout.legend = { ...layout.legend, x: 0, y: 1, yanchor: "bottom" };
    layout.margin = { ...layout.margin, t: 5 * size };
    if (!figure.names) {
      layout.yaxis = { ...layout.yaxis, gridcolor: "rgba(128,128,128,.25)", zeroline: false };
      return layout;
    }
    const keys = layout.yaxis.categoryarray
      ?? [...new Set(figure.data.flatMap((trace) => trace.y))];
    const names = box.clientWidth >= ROOM ? figure.names : figure.narrow;
    layout.yaxis = {
      ...layout.yaxis, tickmode: "array", tickvals: keys, ticktext: keys.map((key) => names[key] ?? key),
      ticks: "outside", ticklen: 6, tickcolor: "rgba(0,0,0,0)",
    };
    return layout;
  }

  for (const source of document.querySelectorAll("script.chart")) {
    const box = document.getElementById(source.dataset.target);
    const figure = JSON.parse(source.textContent);
    box.hidden = false;
    box.style.height = `${figure.layout.height * parseFloat(getComputedStyle(box).fontSize) / 14}px`;
    // On a phone there is no room for names beside points; a touch tells them, and the table.
    const marks = () => figure.data.map((trace) => (
      trace.mode === "markers+text" && box.clientWidth < ROOM ? { ...trace, mode: "markers" } : trace));
    const draw = () => Plotly.react(box, marks(), layoutOf(figure, box), config);
    draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    matchMedia(`(min-width: ${ROOM + 100}px)`).addEventListener("change", draw);
  }
})();
