package io.pgcdc.connect;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;

/** Reads which classes a class refers to, from its constant pool (Java Virtual Machine Specification, "The Constant Pool"). */
final class ClassReferences {

    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;

    private ClassReferences() {}

    /** Returns the names with slashes, arrays as the class of their elements. */
    static Set<String> of(InputStream classFile) throws IOException {
        DataInputStream in = new DataInputStream(classFile);
        in.skipNBytes(8);
        int count = in.readUnsignedShort();
        String[] texts = new String[count];
        int[] classes = new int[count];
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case UTF8 -> texts[i] = in.readUTF();
                case CLASS -> classes[i] = in.readUnsignedShort();
                case LONG, DOUBLE -> {
                    in.skipNBytes(8);
                    i++; // takes two places
                }
                case 8, 16, 19, 20 -> in.skipNBytes(2);
                case 15 -> in.skipNBytes(3);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                default -> throw new IOException("constant " + tag + " is unknown");
            }
        }
        Set<String> names = new TreeSet<>();
        for (int index : classes) {
            String name = index == 0 ? null : texts[index];
            if (name != null && !name.startsWith("[")) {
                names.add(name);
            } else if (name != null && name.endsWith(";")) {
                names.add(name.substring(name.indexOf('L') + 1, name.length() - 1));
            }
        }
        return names;
    }
}
