document.querySelectorAll('[data-figure]').forEach(function (place) {
  var figure = JSON.parse(place.querySelector('script').textContent);
  var box = document.createElement('div');
  place.prepend(box);
  Plotly.newPlot(box, figure.data, figure.layout,
    { displayModeBar: false, displaylogo: false, responsive: true });
});
