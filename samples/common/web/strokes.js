// Lets one draw on a canvas with a pointer, in this colour and width (in pixels of the canvas); calls back after each
// piece of a stroke.
export function drawOn(context, colour, width, drawn) {
  const { canvas } = context;
  const place = ({ offsetX, offsetY }) => [offsetX * canvas.width / canvas.clientWidth, offsetY * canvas.height / canvas.clientHeight];
  let last = null;
  canvas.addEventListener('pointerdown', (event) => {
    last = place(event);
    if (event.isTrusted) canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!last) return;
    Object.assign(context, { lineWidth: width, lineCap: 'round', lineJoin: 'round', strokeStyle: colour });
    context.beginPath();
    context.moveTo(...last);
    context.lineTo(...(last = place(event)));
    context.stroke();
    drawn();
  });
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => { last = null; });
}
