#include "syncserver/app/app.h"

int main(int argc, char** argv) { return odop::syncserver::run(argc, argv); }
