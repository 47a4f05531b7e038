// Linked into the kiosk by the sanitizer presets alone: what GL drivers keep until the process ends
// can only be told from a leak of ours (packaging/lsan.supp) while their library is still loaded.
// GLFW and Mesa unload them when the window closes; with this no library is ever unloaded.
extern "C" int dlclose(void* /*library*/) { return 0; }
