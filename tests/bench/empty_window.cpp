// The floor of P6's first frame on a machine: a window of 1920 x 1080 with an OpenGL context as the
// kiosk's, one cleared frame, nothing else. Prints the age of its process at the swap, in ms.
#include "kiosk/app/process_age.h"

#include <GL/gl.h>
#include <GLFW/glfw3.h>

#include <cstdio>

int main() {
  if (glfwInit() != GLFW_TRUE) return 1;
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHint(GLFW_DECORATED, GLFW_FALSE);
  GLFWwindow* window = glfwCreateWindow(1920, 1080, "floor", nullptr, nullptr);
  if (window == nullptr) return 1;
  glfwMakeContextCurrent(window);
  glClearColor(0.98F, 0.95F, 0.89F, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  glfwSwapBuffers(window);
  glFinish();
  const auto age = odop::kiosk::app::process_age_ms();
  if (!age) return 1;
  std::printf("%.0f\n", *age);
  glfwTerminate();
  return 0;
}
