'use strict';
// a part is packed until it is opened; the address index.html#all opens every part
async function unpack(details) {
  const place = details.querySelector('[data-packed]');
  if (!place) {
    return;
  }
  const bytes = Uint8Array.from(atob(place.dataset.packed), letter => letter.charCodeAt(0));
  place.removeAttribute('data-packed');
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  place.innerHTML = await new Response(plain).text();
  const search = place.querySelector('input');
  const rows = [...place.querySelectorAll('tr')].slice(1);
  search?.addEventListener('input', () => {
    const wanted = search.value.toLowerCase();
    rows.forEach(row => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
  });
}
document.querySelectorAll('details').forEach(details => {
  details.addEventListener('toggle', () => details.open && unpack(details));
  details.open = details.open || location.hash === '#all';
});
