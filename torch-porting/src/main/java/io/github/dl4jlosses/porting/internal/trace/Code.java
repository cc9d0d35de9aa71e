/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.ScriptModule;
import java.util.HashMap;
import java.util.Map;

/** The code of an archive; its files are parsed when they are needed. */
final class Code {

    private static final int LONGEST_NAME = 1000;

    private final Map<String, String> files;
    private final Map<String, Map<String, Map<String, Method>>> read = new HashMap<>();

    Code(Map<String, String> files) {
        this.files = files;
    }

    /** The method of a module's class. */
    Method method(ScriptModule module, String name) {
        if (module.packageName().length() + module.className().length() > LONGEST_NAME) {
            throw new Refused("The name of a class has more than " + LONGEST_NAME + " characters");
        }
        String file = module.packageName().replace('.', '/') + ".py";
        Map<String, Method> methods = classes(file).get(module.className());
        if (methods == null) {
            throw Refused.damaged(
                    "The code " + Refused.shown(file) + " lacks the class " + Refused.shown(module.className()));
        }
        Method method = methods.get(name);
        if (method == null) {
            throw Refused.damaged("The class " + Refused.shown(module.className()) + " of the code "
                    + Refused.shown(file) + " lacks the method " + Refused.shown(name));
        }
        return method;
    }

    private Map<String, Map<String, Method>> classes(String file) {
        Map<String, Map<String, Method>> known = read.get(file);
        if (known != null) {
            return known;
        }
        String text = files.get(file);
        if (text == null) {
            throw Refused.damaged("The archive lacks the code " + Refused.shown(file));
        }
        Map<String, Map<String, Method>> classes = CodeParser.classes(file, text);
        read.put(file, classes);
        return classes;
    }
}
