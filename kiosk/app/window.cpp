#include "kiosk/app/window.h"

#include <GLFW/glfw3.h>

#include <string>

namespace odop::kiosk::app {
namespace {

Window& self(GLFWwindow* handle) { return *static_cast<Window*>(glfwGetWindowUserPointer(handle)); }

std::optional<ui::EditKey> edit_key(int key, int modifiers) {
  switch (key) {
    case GLFW_KEY_BACKSPACE:
      return ui::EditKey::kBackspace;
    case GLFW_KEY_DELETE:
      return ui::EditKey::kDelete;
    case GLFW_KEY_LEFT:
      return ui::EditKey::kLeft;
    case GLFW_KEY_RIGHT:
      return ui::EditKey::kRight;
    case GLFW_KEY_HOME:
      return ui::EditKey::kHome;
    case GLFW_KEY_END:
      return ui::EditKey::kEnd;
    case GLFW_KEY_ENTER:
    case GLFW_KEY_KP_ENTER:
      return ui::EditKey::kEnter;
    case GLFW_KEY_TAB:
      return (modifiers & GLFW_MOD_SHIFT) != 0 ? ui::EditKey::kBackTab : ui::EditKey::kTab;
    case GLFW_KEY_ESCAPE:
      return ui::EditKey::kEscape;
    default:
      return std::nullopt;
  }
}

}  // namespace

Result<std::unique_ptr<Window>> Window::connect(std::optional<std::pair<int, int>> size) {
  if (glfwInit() != GLFW_TRUE) return fail(ErrorCode::kUnsupported, "no X display to show on");
  std::unique_ptr<Window> window(new Window);
  if (!size) {
    GLFWmonitor* monitor = glfwGetPrimaryMonitor();
    const GLFWvidmode* mode = monitor == nullptr ? nullptr : glfwGetVideoMode(monitor);
    if (mode == nullptr) return fail(ErrorCode::kUnsupported, "no monitor");
    size = {mode->width, mode->height};
    window->full_screen_ = true;
  }
  window->asked_ = *size;
  return window;
}

Status Window::open() {
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHint(GLFW_RESIZABLE, GLFW_FALSE);
  glfwWindowHint(GLFW_DECORATED, GLFW_FALSE);
  glfwWindowHint(GLFW_AUTO_ICONIFY, GLFW_FALSE);
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "odop-kiosk");

  GLFWmonitor* monitor = full_screen_ ? glfwGetPrimaryMonitor() : nullptr;
  handle_ = glfwCreateWindow(asked_.first, asked_.second, "ODOP", monitor, nullptr);
  if (handle_ == nullptr) return fail(ErrorCode::kUnsupported, "no OpenGL 3.2");
  GLFWwindow* handle = handle_;
  glfwSetWindowUserPointer(handle, this);
  glfwMakeContextCurrent(handle);
  glfwSwapInterval(0);
  glfwSetInputMode(handle, GLFW_CURSOR, GLFW_CURSOR_HIDDEN);

  glfwSetCursorPosCallback(handle, [](GLFWwindow* at, double x, double y) {
    self(at).input_.move(static_cast<float>(x), static_cast<float>(y));
  });
  glfwSetMouseButtonCallback(handle, [](GLFWwindow* at, int button, int action, int) {
    if (button != GLFW_MOUSE_BUTTON_LEFT) return;
    double x = 0;
    double y = 0;
    glfwGetCursorPos(at, &x, &y);
    self(at).input_.button(action == GLFW_PRESS, static_cast<float>(x), static_cast<float>(y));
  });
  glfwSetKeyCallback(handle, [](GLFWwindow* at, int key, int, int action, int modifiers) {
    if (action == GLFW_RELEASE) return;
    if (const auto edit = edit_key(key, modifiers)) self(at).input_.key(*edit);
  });
  glfwSetCharCallback(handle, [](GLFWwindow* at, unsigned int code_point) {
    self(at).input_.text(static_cast<char32_t>(code_point));
  });
  glfwSetWindowRefreshCallback(handle, [](GLFWwindow* at) { self(at).damaged_ = true; });
  glfwSetFramebufferSizeCallback(handle,
                                 [](GLFWwindow* at, int, int) { self(at).damaged_ = true; });
  return {};
}

Window::~Window() {
  if (handle_ != nullptr) glfwDestroyWindow(handle_);
  glfwTerminate();
}

std::pair<int, int> Window::size() const {
  if (handle_ == nullptr) return asked_;
  int width = 0;
  int height = 0;
  glfwGetFramebufferSize(handle_, &width, &height);
  return {width, height};
}

std::optional<std::pair<double, double>> Window::monitor_mm() const {
  GLFWmonitor* monitor = full_screen_ ? glfwGetPrimaryMonitor() : nullptr;
  if (monitor == nullptr) return std::nullopt;
  int width = 0;
  int height = 0;
  glfwGetMonitorPhysicalSize(monitor, &width, &height);
  const GLFWvidmode* mode = glfwGetVideoMode(monitor);
  if (mode == nullptr || width < 250 || height < 150 || width > 3000 || height > 3000) {
    return std::nullopt;
  }
  const double across = mode->width / static_cast<double>(width);
  const double down = mode->height / static_cast<double>(height);
  // Pixels of a real panel are square; 96 dpi (3.78) is what X servers invent.
  if (across / down < 0.9 || across / down > 1.1) return std::nullopt;
  if (across > 3.76 && across < 3.80 && down > 3.76 && down < 3.80) return std::nullopt;
  return std::pair<double, double>{width, height};
}

bool Window::should_close() const { return glfwWindowShouldClose(handle_) == GLFW_TRUE; }

bool Window::take_damage() { return std::exchange(damaged_, false); }

void Window::swap() { glfwSwapBuffers(handle_); }
void Window::poll() { glfwPollEvents(); }
void Window::wait(double seconds) { glfwWaitEventsTimeout(seconds); }
void Window::wake() { glfwPostEmptyEvent(); }

}  // namespace odop::kiosk::app
