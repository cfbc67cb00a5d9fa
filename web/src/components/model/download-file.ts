/** Saves what is at an address of this server, as a click on its link would. */
export function downloadFile(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
