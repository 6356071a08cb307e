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
    layout.font = { ...layout.font, color: ink.color, size: 14 };
    layout.dragmode = false;
    layout.hovermode = "closest";
    layout.xaxis = { ...layout.xaxis, gridcolor: "rgba(128,128,128,.25)", zerolinecolor: ink.color };
    if (layout.barmode === "relative") {
      layout.xaxis.tickvals = [-100, -50, 0, 50, 100];
      layout.xaxis.ticktext = ["100 %", "50 %", "0", "50 %", "100 %"];
    }
    layout.legend = { ...layout.legend, x: 0, y: 1, yanchor: "bottom" };
    layout.margin = { ...layout.margin, t: 70 };
    const keys = [...new Set(figure.data.flatMap((trace) => trace.y))];
    const names = box.clientWidth >= ROOM ? figure.names : figure.narrow;
    layout.yaxis = {
      ...layout.yaxis, tickmode: "array", tickvals: keys, ticktext: keys.map((key) => names[key]),
      ticks: "outside", ticklen: 6, tickcolor: "rgba(0,0,0,0)",
    };
    return layout;
  }

  for (const source of document.querySelectorAll("script.chart")) {
    const box = document.getElementById(source.dataset.target);
    const figure = JSON.parse(source.textContent);
    box.hidden = false;
    box.style.height = `${figure.layout.height}px`;
    const draw = () => Plotly.react(box, figure.data, layoutOf(figure, box), config);
    draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    matchMedia(`(min-width: ${ROOM + 100}px)`).addEventListener("change", draw);
  }
})();
