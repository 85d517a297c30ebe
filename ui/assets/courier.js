// Saves the file that Python hands over. It never lies on the server's disk, where other people's sessions are served from.
watch("value", () => {
  if (!props.value) return;
  const parcel = JSON.parse(props.value);
  const bytes = Uint8Array.from(atob(parcel.data), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = parcel.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
});
